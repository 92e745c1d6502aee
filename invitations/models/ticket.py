import functools
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from config.crypto import digest
from config.database import ByteField, DatabaseNow
from config.mail import link
from invitations.models.queries import is_past

if TYPE_CHECKING:
    from invitations.models.invitation import Invitation

_TICKET = re.compile(r"olt_[A-Za-z0-9_-]{43}")
_PURPOSE = "invitation"


class Channel(models.TextChoices):
    """How a ticket is handed out. A `mail` or `api` ticket proves the address; a `shared` ticket does not."""

    MAIL = "mail"
    API = "api"
    SHARED = "shared"


def new_ticket() -> str:
    return f"olt_{secrets.token_urlsafe(32)}"


def ticket_link(raw: str) -> str:
    return link(f"{_page()}?ticket={raw}")


@functools.cache  # a bulk call needs it up to a thousand times
def _page() -> str:
    return reverse("accept_ticket")


class TicketManager(models.Manager["Ticket"]):
    def mint(self, invitation: "Invitation", *, channel: str) -> str:
        """Create a ticket and return its raw text; only the hash is stored."""
        raw = new_ticket()
        self.create(invitation=invitation, channel=channel, hash=digest(raw))
        return raw

    def find(self, raw: str) -> "Ticket | None":
        """Return the ticket with this raw text, or None. The invitation may have any status."""
        if not _TICKET.fullmatch(raw):
            return None
        hashed = digest(raw)
        ticket = next(iter(self._with_invitation.filter(hash=hashed)), None)
        if ticket:
            ticket.invitation.is_past = ticket.is_past
        return ticket if ticket and hmac.compare_digest(ticket.hash, hashed) else None

    @cached_property
    def _with_invitation(self) -> models.QuerySet:
        """Build the queryset once: building it takes time while a visitor waits during sign-up."""
        found = self.filter(purpose=_PURPOSE).select_related("invitation")
        return found.annotate(is_past=is_past("invitation__"))


class Ticket(models.Model):
    """The secret in a link. It has no expiry of its own: it is valid while its invitation is pending."""

    hash = ByteField(max_length=64, unique=True)
    invitation = models.ForeignKey(
        "invitations.Invitation", on_delete=models.CASCADE, related_name="tickets"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    purpose = models.CharField(max_length=16, default=_PURPOSE)
    created_at = models.DateTimeField(db_default=DatabaseNow())

    objects = TicketManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="ticket_channel_known", condition=models.Q(channel__in=Channel.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} ticket of {self.invitation_id}"

    @property
    def proves_address(self) -> bool:
        return self.channel in {Channel.MAIL, Channel.API}
