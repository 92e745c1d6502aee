import functools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import make_msgid
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from config.database import ByteField, DatabaseNow
from config.ids import new_id

if TYPE_CHECKING:
    from invitations.models.invitation import Invitation

# Invitation mails to one mailbox: so many within so long. The rest wait, they are never dropped.
CEILINGS = [(1, timedelta(minutes=5)), (3, timedelta(hours=24)), (10, timedelta(days=30))]


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self) -> "MessageQuerySet":
        """To be sent now, or left behind by a worker whose lease ran out.

        By the start of the statement, which an index can look up; `still_due` decides.
        """
        return self._due_by(Now())

    def still_due(self) -> "MessageQuerySet":
        """`due` at this very moment, for a conditional UPDATE: the statement may have waited for a lock."""
        return self._due_by(DatabaseNow())

    def _due_by(self, clock: models.Func) -> "MessageQuerySet":
        # A message being sent was due before, so the first condition holds for both and bounds the index.
        left_behind = models.Q(state=State.SENDING, lease_until__lt=clock)
        return self.filter(models.Q(state=State.QUEUED) | left_behind, next_attempt_at__lte=clock)

    def to_mailboxes(self, email_keys: Iterable[str] | models.Expression) -> "MessageQuerySet":
        """The invitation mails that left, or will: what the ceilings count."""
        never_left = models.Q(state=State.CANCELLED, attempts=0)
        return self.filter(recipient_key__in=email_keys, kind="invitation").exclude(never_left)

    def cancel_unsent(self) -> int:
        return self.filter(state=State.QUEUED).update(state=State.CANCELLED)


class MessageManager(models.Manager.from_queryset(MessageQuerySet)):  # type: ignore[misc]
    def queue_invitation(self, invitation: "Invitation", *, moment: datetime) -> "Message":
        """An invitation's mail, held back where its mailbox already got its share."""
        queued = self.create(
            kind="invitation",
            invitation=invitation,
            recipient=invitation.email_address,
            recipient_key=invitation.email_key,
            message_id=new_message_id(),
            created_at=moment,
            next_attempt_at=moment,
        )
        self.hold_back([(queued.pk, queued.recipient_key)], moment=moment)
        return queued

    def hold_back(self, queued: Sequence[tuple[str, str]], *, moment: datetime) -> None:
        """Put off those of the mails just queued, (id, mailbox) in order, whose mailbox got its share."""
        new = [message_id for message_id, _mailbox in queued]
        times: dict[str, list[datetime]] = {}  # when mails left or will, by mailbox
        for message_id, mailbox in queued:
            if mailbox not in times:
                others = self.to_mailboxes([mailbox]).exclude(pk__in=new).order_by("-id")[:10]
                times[mailbox] = [message.leaves_at for message in others]
            earliest = max([moment, *_releases(times[mailbox])])
            times[mailbox].append(earliest)
            if earliest > moment:
                held = self.filter(pk=message_id)
                held.update(next_attempt_at=earliest, hold_until=earliest)

    def earliest_now(self, message_id: str, *, recipient_key: str, moment: datetime) -> datetime:
        """When a waiting invitation mail may leave, by what its mailbox really got meanwhile.

        The time foreseen for it is worth nothing once an outage let several come due together. The guard
        of the address must be held, so that two of them do not ask at once.
        """
        lately = models.Q(state=State.SENDING) | models.Q(sent_at__gt=moment - CEILINGS[-1][1])
        others = self.filter(lately, recipient_key=recipient_key, kind="invitation")
        left = others.exclude(pk=message_id).values_list("sent_at", flat=True)
        return max([moment, *_releases(sent_at or moment for sent_at in left)])

    def oldest_due(self, *, by: datetime) -> datetime | None:
        """Since when the mail that waits longest could have left; None where none could have."""
        ends = [self.filter(part).aggregate(end=models.Min("next_attempt_at")) for part in _WAITING]
        return min(
            (each["end"] for each in ends if each["end"] and each["end"] <= by), default=None
        )


# The two parts of the index `message_waiting`, each of which is sorted by time. Written out: of an index of some
# rows, SQLite cannot tell whether it holds those that a parameter names.
_WAITING = [
    RawSQL(sql, (), output_field=models.BooleanField())  # noqa: S611 no value is in it
    for sql in (
        "state IN ('queued', 'sending') AND urgent = TRUE",
        "state IN ('queued', 'sending') AND urgent = FALSE",
    )
]


def _releases(times: Iterable[datetime]) -> Iterable[datetime]:
    """When each ceiling lets the next message go, given when the others left or will."""
    newest = sorted(times, reverse=True)
    return (newest[count - 1] + period for count, period in CEILINGS if len(newest) >= count)


def new_message_id() -> str:
    """One Message-ID for a message's whole life, so that a second copy is seen as one."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


class Message(models.Model):
    """The outbox: a mail to send, written in the transaction that asks for it.

    An invitation's message has no stored body: it is rendered and its ticket minted when a worker claims it.
    Other messages (codes, resets) keep theirs sealed until they are sent.
    """

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "msg"))
    kind = models.CharField(max_length=32)
    invitation = models.ForeignKey(
        "invitations.Invitation", null=True, on_delete=models.CASCADE, related_name="messages"
    )
    recipient = models.CharField(max_length=254)
    recipient_key = ByteField(max_length=254, blank=True)
    sealed_body = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=DatabaseNow())
    hold_until = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=320)
    last_error_class = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    sent_at = models.DateTimeField(null=True)

    objects = MessageManager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["-urgent", "next_attempt_at"],
                name="message_waiting",
                condition=models.Q(state__in=[State.QUEUED, State.SENDING]),
            ),
            models.Index(fields=["recipient_key", "id"], name="message_of_mailbox"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_state_known", condition=models.Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="message_of_invitation",
                condition=models.Q(kind="invitation", invitation__isnull=False)
                | (~models.Q(kind="invitation") & models.Q(invitation=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient} ({self.state})"

    @property
    def leaves_at(self) -> datetime:
        return self.sent_at or self.hold_until or self.created_at


class MailChannel(models.Model):
    """The road out, one row: when a worker last looked, and whether the queue is paused."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=64, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)  # in a row; each is longer than the last

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="mail_channel_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "mail channel"
