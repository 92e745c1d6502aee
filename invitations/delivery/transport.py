"""SMTP with time limits: a server that does not answer costs seconds, a very slow one half a minute."""

import smtplib
import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Timer
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend

ATTEMPT_SECONDS = 30  # for one message, from connect to QUIT; its lease lasts 60


class NotConfigured(ImproperlyConfigured):
    """No mail transport is configured yet."""


class NoTransport(BaseEmailBackend):
    """`MAILERS["transport"]` in production without EMAIL_URL: all mail waits in the outbox."""

    def send_messages(self, _email_messages: Sequence[EmailMessage]) -> int:
        raise NotConfigured("Set EMAIL_URL or MAIL_PROVIDER: until then all mail waits.")


class SMTPBackend(smtp.EmailBackend):
    """`MAILERS["transport"]` for an EMAIL_URL. With TLS, nothing is sent unless the server's certificate is valid."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _BoundedSMTPOverTLS if self.use_ssl else _BoundedSMTP

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        # The server has already accepted the message: an error in QUIT must not cause a second sending.
        try:
            connection.quit()
        except OSError:
            connection.close()


class _Bounded(smtplib.SMTP):
    """Limits the total time by closing the connection; `timeout` limits only each single wait for the server."""

    _timer: Timer | None = None

    def connect(self, *address: Any, **options: Any) -> tuple[int, bytes]:
        self._timer = Timer(ATTEMPT_SECONDS, self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            return super().connect(*address, **options)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock:
            with suppress(OSError):  # already closed
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedSMTP(_Bounded):
    pass


class _BoundedSMTPOverTLS(_Bounded, smtplib.SMTP_SSL):
    pass
