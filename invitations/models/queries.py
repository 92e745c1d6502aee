"""Queries for invitations. Only this module defines the statuses in SQL."""

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
    """The statuses in the API. This list is closed."""

    PENDING = "pending", _("Pending")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


# Neither accepted nor revoked. It may be expired: that depends on the database's clock.
OPEN = Q(accepted_at=None, revoked_at=None)


def _by(clock: models.Func) -> dict[Status, Q]:
    """Return the condition for each status; `clock` is one of the two ways to read the database's clock."""
    return {
        Status.PENDING: OPEN & Q(expires_at__gt=clock),
        Status.EXPIRED: OPEN & Q(expires_at__lte=clock),
        Status.ACCEPTED: Q(accepted_at__isnull=False),
        Status.REVOKED: Q(revoked_at__isnull=False),
    }


# Queries that only read use the start time of the statement. It is constant, so PostgreSQL can use an index.
# Queries that decide (conditional UPDATEs, and queries under a lock) use the current time: the statement may
# have started before it got the lock.
_READING = _by(Now())
_DECIDING = _by(DatabaseNow())
LIVE = _DECIDING[Status.PENDING]
LAPSED = _DECIDING[Status.EXPIRED]


def is_past(prefix: str = "") -> models.Case:
    """Return an expression: is the expiry over, by the database's clock? `prefix` is the path to the invitation."""
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
        """Filter by any of the given statuses. Only for reading; decisions use LIVE and LAPSED."""
        return self.filter(reduce(or_, (_READING[Status(status)] for status in statuses)))

    def matching(self, text: str) -> "InvitationQuerySet":
        """Filter by address (contains the text, ignoring case) or id (starts with the text).

        No character is a wildcard. Every id starts with `inv_`, so `inv_` alone is searched in addresses only.
        """
        found = Q(email_key__contains=text.lower())
        if len(text) > len("inv_"):
            found |= Q(id__gte=text, id__lt=f"{text}\U0010ffff")  # LIKE ignores case on SQLite
        return self.filter(found) if text else self

    def with_delivery(self) -> "InvitationQuerySet":
        """Add the newest message's state, the last event and the id of the user with this address, for lists."""
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
            # Not Exists(): for that, PostgreSQL may read the whole user table.
            account_id=models.Subquery(holders.values("pk")[:1]),
        )
