from invitations.models.event import Event
from invitations.models.guard import AddressGuard
from invitations.models.invitation import Invitation, InvitationClosed, InvitationRefused
from invitations.models.message import MailChannel, Message
from invitations.models.queries import Status
from invitations.models.ticket import Channel, Ticket

__all__ = [
    "AddressGuard",
    "Channel",
    "Event",
    "Invitation",
    "InvitationClosed",
    "InvitationRefused",
    "MailChannel",
    "Message",
    "Status",
    "Ticket",
]
