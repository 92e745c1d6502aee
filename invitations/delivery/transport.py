"""SMTP with patience that ends: a silent server costs seconds, a trickling one half a minute."""

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

ATTEMPT_SECONDS = 30  # for one message, from connecting to goodbye; its lease lasts 60


class NotConfigured(ImproperlyConfigured):
    """Nobody has said yet how mail leaves."""


class NoTransport(BaseEmailBackend):
    """`MAILERS["transport"]` in production without EMAIL_URL: all mail waits in the outbox."""

    def send_messages(self, _email_messages: Sequence[EmailMessage]) -> int:
        raise NotConfigured("Set EMAIL_URL or MAIL_PROVIDER: until then all mail waits.")


class SMTPBackend(smtp.EmailBackend):
    """`MAILERS["transport"]` for an EMAIL_URL. TLS verifies the server, or nothing is sent."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _BoundedSMTPOverTLS if self.use_ssl else _BoundedSMTP

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        # The server has taken the message before: a goodbye that fails must not have it sent again.
        try:
            connection.quit()
        except OSError:
            connection.close()


class _Bounded(smtplib.SMTP):
    """`timeout` bounds each wait for the server; this bounds their sum, by cutting the connection."""

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
            with suppress(OSError):  # it ended by itself
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedSMTP(_Bounded):
    pass


class _BoundedSMTPOverTLS(_Bounded, smtplib.SMTP_SSL):
    pass
