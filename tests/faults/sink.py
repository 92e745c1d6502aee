"""A real SMTP server that handles each message as its script says.

Ways to handle a message, by recipient: "ok"; "450", "550" (any such code) at RCPT; "451 data", "554 data" after DATA;
"drop" the connection after RCPT; "store and drop" it after DATA; "silence" without end at RCPT; "slow", which accepts
after two seconds. Ways to greet all clients: "ok", "drop", "trickle" (without end).
"""

import asyncio
import email
import email.policy
import re
import socket
import ssl
from collections import defaultdict, deque

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

_LONG = 60  # seconds; longer than the timeout of any client
_TICKET = re.compile(r"olt_[A-Za-z0-9_-]{43}")


class Mail:
    """A message that arrived."""

    def __init__(self, recipients, content):
        self.recipients = recipients
        self.parsed = email.message_from_bytes(content, policy=email.policy.default)
        self.message_id = self.parsed["Message-ID"]
        self.text = self.parsed.get_body(("plain",)).get_content()
        self.html = self.parsed.get_body(("html",)).get_content()

    @property
    def ticket(self):
        return _TICKET.search(self.text).group()


class Sink:
    def __init__(self, *, certificate=None):
        self.mails = []
        self.greeting = "ok"
        self.accepts_logins = True
        self.logins = self.connections = 0
        self._scripts = defaultdict(deque)
        self._certificate = certificate
        self._controller = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    @property
    def url(self):
        scheme = "smtp+tls" if self._certificate else "smtp"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def url_with_login(self):
        return f"smtp://ollio:wrong@127.0.0.1:{self.port}"

    def start(self):
        self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.connections = 0  # the controller connects as a test

    def stop(self):
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    def script(self, address, *ways):
        self._scripts[address].extend(ways)

    def to(self, address):
        return [mail for mail in self.mails if address in mail.recipients]

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802 aiosmtpd's names
        way = self._scripts[address].popleft() if self._scripts[address] else "ok"
        if way.isdigit():
            return f"{way} said the sink"
        if way == "silence":
            await asyncio.sleep(_LONG)
        if way == "drop":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.way = way
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 aiosmtpd's names
        if envelope.way.endswith(" data"):
            return f"{envelope.way.removesuffix(' data')} said the sink"
        if envelope.way == "slow":
            await asyncio.sleep(2)
        self.mails.append(Mail(envelope.rcpt_tos, envelope.content))
        if envelope.way == "store and drop":
            server.transport.abort()
        return "250 OK"

    def login(self, *_attempt):
        self.logins += 1
        return AuthResult(success=self.accepts_logins, handled=False)

    def tls(self):
        if not self._certificate:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*self._certificate)
        return context


class _Controller(Controller):
    def __init__(self, sink, **options):
        self._sink = sink
        super().__init__(sink, **options)

    def factory(self):
        return _Server(
            self._sink,
            authenticator=self._sink.login,
            auth_require_tls=False,
            tls_context=self._sink.tls(),
            loop=self.loop,
        )


class _Server(SMTP):
    def connection_made(self, transport):
        super().connection_made(transport)
        self.event_handler.connections += 1
        if self.event_handler.greeting == "drop":
            transport.abort()

    async def push(self, status):
        if self.event_handler.greeting == "trickle":
            await self._trickle()
        await super().push(status)

    async def _trickle(self):
        try:
            while self.transport and not self.transport.is_closing():
                self._writer.write(b"220-")
                await asyncio.sleep(0.5)
        finally:
            self._writer.transport.abort()
