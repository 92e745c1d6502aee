"""What becomes of a message: a row in the outbox, claimed by a worker, sent, and marked."""

from invitations.delivery.outbox import OutboxBackend
from invitations.delivery.transport import NoTransport, SMTPBackend

__all__ = ["NoTransport", "OutboxBackend", "SMTPBackend"]
