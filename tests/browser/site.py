"""The running Ollio as seen from outside: its URL and its mails."""

import re

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

_LINK = re.compile(r"https?://\S+/v1/tickets/accept\?ticket=\S+")
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


class Site:
    def __init__(self, url, *, sink):
        self.url = url
        self._sink = sink

    def deliver(self):
        call_command("send_mail", "--once")

    def deliver_to_mailbox(self):
        """Deliver as on a machine without a mail server."""
        transport = {"BACKEND": "invitations.mailbox.MailboxBackend"}
        with override_settings(MAILERS={**settings.MAILERS, "transport": transport}):
            self.deliver()

    def mail_to(self, address):
        """Return the newest mail to an address; send waiting mails first."""
        self.deliver()
        return self._sink.to(address)[-1]

    def link_to(self, address):
        return _LINK.search(self.mail_to(address).text).group()

    def has_sent_code_to(self, address):
        self.deliver()
        return any(_CODE.search(mail.text) for mail in self._sink.to(address)[-1:])

    def code_to(self, address):
        return _CODE.search(self.mail_to(address).text).group(1)
