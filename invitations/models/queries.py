"""How invitations are looked for; the only place where SQL knows what a status is."""

from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.database import AsWords, DatabaseNow
from invitations.models.event import VISITS, Event
from invitations.models.message import Message


class Status(models.TextChoices):
    """What the API knows: nothing else, ever."""

    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


# Neither accepted nor revoked; whether its time is over is the database clock's to say.
OPEN = Q(accepted_at=None, revoked_at=None)


def _by(clock: models.Func) -> dict[Status, Q]:
    """What each status means, by one of the database's two readings of its clock."""
    return {
        Status.PENDING: OPEN & Q(expires_at__gt=clock),
        Status.EXPIRED: OPEN & Q(expires_at__lte=clock),
        Status.ACCEPTED: Q(accepted_at__isnull=False),
        Status.REVOKED: Q(revoked_at__isnull=False),
    }


# Reading takes the start of its statement, which stands still, so PostgreSQL can look it up in an index.
# Deciding (conditional UPDATEs, and what is asked under a lock) takes this very moment: the statement may
# have begun before its lock was free.
_READING = _by(Now())
_DECIDING = _by(DatabaseNow())
LIVE = _DECIDING[Status.PENDING]
LAPSED = _DECIDING[Status.EXPIRED]


def is_past(prefix: str = "") -> models.Case:
    """Whether its time is over, by the database's clock. The prefix leads to the invitation."""
    over = models.When(**{f"{prefix}expires_at__lte": DatabaseNow()}, then=True)
    return models.Case(over, default=False)


class InvitationQuerySet(models.QuerySet):
    def pending(self) -> "InvitationQuerySet":
        return self.in_status(Status.PENDING)

    def expired(self) -> "InvitationQuerySet":
        return self.in_status(Status.EXPIRED)

    def accepted(self) -> "InvitationQuerySet":
        return self.in_status(Status.ACCEPTED)

    def revoked(self) -> "InvitationQuerySet":
        return self.in_status(Status.REVOKED)

    def in_status(self, *statuses: str) -> "InvitationQuerySet":
        """In any of the statuses given; to read, not to decide: for that there are LIVE and LAPSED."""
        return self.filter(reduce(or_, (_READING[Status(status)] for status in statuses)))

    def matching(self, text: str) -> "InvitationQuerySet":
        """Whose address holds the text in either case, or whose id begins with it; no character is special.

        A bare `inv_` begins every id and so is only looked for in addresses.
        """
        found = Q(email_key__contains=text.lower())
        if len(text) > len("inv_"):
            found |= Q(id__gte=text, id__lt=f"{text}\U0010ffff")  # LIKE is blind to case on SQLite
        return self.filter(found) if text else self

    def with_delivery(self) -> "InvitationQuerySet":
        """With the newest message's state, the last event and who has the address, for lists."""
        newest = Message.objects.filter(invitation=models.OuterRef("pk")).order_by("-id")
        last = (
            Event.objects.filter(subject=models.OuterRef("pk"))
            .exclude(kind__in=VISITS)
            .order_by("-id")
        )
        holders = get_user_model().objects.holding(AsWords(models.OuterRef("email_key")))
        return self.annotate(
            mail_state=models.Subquery(newest.values("state")[:1]),
            mail_error=models.Subquery(newest.values("last_error_class")[:1]),
            mail_held_until=models.Subquery(newest.values("hold_until")[:1]),
            last_event_kind=models.Subquery(last.values("kind")[:1]),
            last_event_at=models.Subquery(last.values("at")[:1]),
            # Not as Exists: PostgreSQL may answer that by reading every user there is.
            account_id=models.Subquery(holders.values("pk")[:1]),
        )
