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

# Limits of invitation mails to one mailbox: (count, period). Further mails wait; they are never dropped.
CEILINGS = [(1, timedelta(minutes=5)), (3, timedelta(hours=24)), (10, timedelta(days=30))]


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self) -> "MessageQuerySet":
        """Filter messages that are due now, and those whose worker's lease has expired.

        Uses the start time of the statement, so that the index can be used; `still_due` decides.
        """
        return self._due_by(Now())

    def still_due(self) -> "MessageQuerySet":
        """`due` by the current time, for a conditional UPDATE: the statement may have waited for a lock."""
        return self._due_by(DatabaseNow())

    def _due_by(self, clock: models.Func) -> "MessageQuerySet":
        # A message in SENDING was due before it was claimed. So `next_attempt_at` can limit the index scan for both.
        left_behind = models.Q(state=State.SENDING, lease_until__lt=clock)
        return self.filter(models.Q(state=State.QUEUED) | left_behind, next_attempt_at__lte=clock)

    def to_mailboxes(self, email_keys: Iterable[str] | models.Expression) -> "MessageQuerySet":
        """Filter the invitation mails that were sent or will be sent: those that CEILINGS count."""
        never_left = models.Q(state=State.CANCELLED, attempts=0)
        return self.filter(recipient_key__in=email_keys, kind="invitation").exclude(never_left)

    def cancel_unsent(self) -> int:
        return self.filter(state=State.QUEUED).update(state=State.CANCELLED)


class MessageManager(models.Manager.from_queryset(MessageQuerySet)):  # type: ignore[misc]
    def queue_invitation(self, invitation: "Invitation", *, moment: datetime) -> "Message":
        """Queue the mail of an invitation. Delay it if its mailbox has reached a limit in CEILINGS."""
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
        """Delay those of the newly queued mails whose mailbox has reached a limit in CEILINGS.

        `queued` is a sequence of (message id, mailbox), in the order of sending.
        """
        new = [message_id for message_id, _mailbox in queued]
        times: dict[str, list[datetime]] = {}  # past and planned sending times, by mailbox
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
        """Return when a waiting invitation mail may be sent, given what its mailbox really received.

        The planned time is not reliable: after an outage, several mails may be due at the same time. The caller
        must hold the address's guard, so that two mails to one address are not checked at the same time.
        """
        lately = models.Q(state=State.SENDING) | models.Q(sent_at__gt=moment - CEILINGS[-1][1])
        others = self.filter(lately, recipient_key=recipient_key, kind="invitation")
        left = others.exclude(pk=message_id).values_list("sent_at", flat=True)
        return max([moment, *_releases(sent_at or moment for sent_at in left)])

    def oldest_due(self, *, by: datetime) -> datetime | None:
        """Return since when the longest-waiting mail has been due; None if no mail was due at `by`."""
        ends = [self.filter(part).aggregate(end=models.Min("next_attempt_at")) for part in _WAITING]
        return min(
            (each["end"] for each in ends if each["end"] and each["end"] <= by), default=None
        )


# The two parts of the index `message_waiting`, each sorted by time. The values are literals, not parameters:
# with a parameter, SQLite cannot know whether the partial index contains the rows.
_WAITING = [
    RawSQL(sql, (), output_field=models.BooleanField())  # noqa: S611 no value is in it
    for sql in (
        "state IN ('queued', 'sending') AND urgent = TRUE",
        "state IN ('queued', 'sending') AND urgent = FALSE",
    )
]


def _releases(times: Iterable[datetime]) -> Iterable[datetime]:
    """Yield when each limit allows the next message; `times` are the sending times of the others, past or planned."""
    newest = sorted(times, reverse=True)
    return (newest[count - 1] + period for count, period in CEILINGS if len(newest) >= count)


def new_message_id() -> str:
    """Return a new Message-ID. All attempts use the same one, so that mail programs recognise a second copy."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


class Message(models.Model):
    """The outbox: a mail to send, stored in the same transaction as the change that causes it.

    An invitation's message has no stored body. A worker claims the message, then creates its ticket and its body.
    Other messages (codes, password resets) store their body encrypted until they are sent.
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
    """The state of mail sending, in one row: when a worker last ran, and whether the queue is paused."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=64, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)  # consecutive pauses; each is longer

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="mail_channel_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "mail channel"
