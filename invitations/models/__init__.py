from invitations.models.creating import (
    DEFAULT_DAYS,
    MAX_DAYS,
    Asked,
    BulkRefused,
    InvitationRefused,
)
from invitations.models.event import Event
from invitations.models.guard import AddressGuard
from invitations.models.invitation import Invitation, InvitationClosed
from invitations.models.message import MailChannel, Message
from invitations.models.queries import Status
from invitations.models.ticket import Channel, Ticket, ticket_link

__all__ = [
    "DEFAULT_DAYS",
    "MAX_DAYS",
    "AddressGuard",
    "Asked",
    "BulkRefused",
    "Channel",
    "Event",
    "Invitation",
    "InvitationClosed",
    "InvitationRefused",
    "MailChannel",
    "Message",
    "Status",
    "Ticket",
    "ticket_link",
]
