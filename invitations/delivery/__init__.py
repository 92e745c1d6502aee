"""Sending mail: a message is a row in the outbox; a worker claims it, sends it and records the result."""

from invitations.delivery.outbox import OutboxBackend
from invitations.delivery.transport import NoTransport, SMTPBackend

__all__ = ["NoTransport", "OutboxBackend", "SMTPBackend"]
