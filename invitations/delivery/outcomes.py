"""Records the result of an attempt. Only the worker that holds the lease may do this."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction

from config import audit
from config.database import DatabaseNow
from invitations.models import Message
from invitations.models.message import MessageQuerySet, State

if TYPE_CHECKING:
    from invitations.delivery.claims import Claim

_FIRST_PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
_LATER_PAUSE = timedelta(hours=1)
MAX_ATTEMPTS = len(_FIRST_PAUSES) + 25  # about a day, without the time that the queue is paused
_NOBODYS = {"lease_owner": "", "lease_until": None}


def mark_sent(claim: "Claim") -> bool:
    """Mark it as accepted by the mail server. Return False if the lease ended and this worker lost the message."""
    with transaction.atomic():
        marked = _mine(claim).update(
            state=State.SENT, sent_at=DatabaseNow(), sealed_body="", last_error_class="", **_NOBODYS
        )
        if marked and claim.message.invitation_id:
            audit.record("mail_sent", subject=claim.message.invitation_id)
    return bool(marked)


def mark_failed(claim: "Claim", *, reason: str) -> None:
    """Mark it as failed: it is never tried again."""
    with transaction.atomic():
        give_up(_mine(claim), reason=reason, invitation_id=claim.message.invitation_id)


def put_off(claim: "Claim", *, reason: str) -> None:
    """Schedule another attempt. After MAX_ATTEMPTS (about a day), mark it as failed."""
    if claim.message.attempts >= MAX_ATTEMPTS:
        mark_failed(claim, reason="gave_up")
        return
    _mine(claim).update(
        state=State.QUEUED,
        next_attempt_at=DatabaseNow() + pause_after(claim.message.attempts),
        last_error_class=reason,
        **_NOBODYS,
    )


def put_back(claim: "Claim", *, reason: str) -> None:
    """Return it to the queue: the fault is not in this message. It keeps its place; the attempt does not count."""
    _mine(claim).update(
        state=State.QUEUED, attempts=models.F("attempts") - 1, last_error_class=reason, **_NOBODYS
    )


def give_up(rows: MessageQuerySet, *, reason: str, invitation_id: str | None) -> bool:
    """Mark the rows as failed, in the caller's transaction; record the reason in the invitation's timeline."""
    failed = rows.update(state=State.FAILED, last_error_class=reason, sealed_body="", **_NOBODYS)
    if failed and invitation_id:
        audit.record("mail_failed", subject=invitation_id, reason=reason)
    return bool(failed)


def cancel(rows: MessageQuerySet) -> None:
    """Cancel the messages, in the caller's transaction: they must not be sent any more."""
    rows.update(state=State.CANCELLED, sealed_body="", **_NOBODYS)


def hold_back(rows: MessageQuerySet, *, until: datetime) -> None:
    """Delay the messages because of a mailbox limit, in the caller's transaction. This is not an attempt."""
    rows.update(state=State.QUEUED, hold_until=until, next_attempt_at=until, **_NOBODYS)


def pause_after(attempts: int) -> timedelta:
    """Return the pause before the next attempt: 1, 5, 15 minutes, then an hour each.

    A random extra of up to a quarter spreads messages that failed at the same time.
    """
    pause = _FIRST_PAUSES[attempts - 1] if attempts <= len(_FIRST_PAUSES) else _LATER_PAUSE
    return pause * (1 + secrets.randbelow(250) / 1000)


def _mine(claim: "Claim") -> MessageQuerySet:
    return Message.objects.filter(
        pk=claim.message.pk, lease_owner=claim.message.lease_owner, state=State.SENDING
    )
