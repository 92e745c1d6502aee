"""Claiming a message for sending: a lease, so that no other worker sends it meanwhile, and a new ticket."""

import os
import secrets
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.db import models, transaction

from accounts.models import Application
from config import database
from config.database import DatabaseNow
from invitations.delivery.outcomes import MAX_ATTEMPTS, cancel, give_up, hold_back
from invitations.models import AddressGuard, Channel, Invitation, Message, Status, Ticket
from invitations.models.message import State

LEASE = timedelta(seconds=60)
CODE_MAIL_LIFETIME = timedelta(minutes=15)  # codes expire after 10 minutes: a later mail is useless
_CHOICE = 16  # pick at random among so many, or all workers would try the same one


class Candidate(NamedTuple):
    id: str
    urgent: bool
    invitation_id: str | None
    recipient_key: str
    recipient: str


@dataclass(frozen=True)
class Claim:
    """A message that this worker holds until its lease ends. Only this object and the mail contain the raw ticket."""

    message: Message
    raw_ticket: str = field(default="", repr=False)


def next_due() -> Candidate | None:
    """Return a due message or None, urgent ones first. Read without a lock: another worker may claim it first."""
    first = Message.objects.due().order_by("-urgent", "next_attempt_at")
    candidates = [Candidate(*row) for row in first.values_list(*Candidate._fields)[:_CHOICE]]
    if not candidates:
        return None
    return secrets.choice([each for each in candidates if each.urgent == candidates[0].urgent])


def claim(candidate: Candidate) -> Claim | None:
    """Claim the message for sending. Return None if there is nothing to send now.

    A message that must not be sent any more is ended. The guard and the invitation are locked before the message.
    So a revoke, or another mail to the address, happens entirely before or entirely after the claim.
    """
    with transaction.atomic():
        invitation = _locked(candidate)
        if _is_over(candidate, invitation=invitation) or _is_too_early(candidate):
            return None
        if not _lease(candidate):
            return None
        message = Message.objects.get(pk=candidate.id)
        if invitation is None:
            return Claim(message)
        message.invitation = invitation
        return Claim(message, raw_ticket=Ticket.objects.mint(invitation, channel=Channel.MAIL))


def _locked(candidate: Candidate) -> Invitation | None:
    if candidate.invitation_id is None:
        return None
    AddressGuard.objects.lock(candidate.recipient_key)
    locked = Invitation.objects.select_for_update(no_key=True)
    return locked.filter(pk=candidate.invitation_id).first()


def _is_over(candidate: Candidate, *, invitation: Invitation | None) -> bool:
    """End a message that must not be sent; return whether it was ended.

    Reasons: the invitation is not pending, the address is a test address, all attempts are used, or a code mail is
    too old.
    """
    rows = Message.objects.still_due().filter(pk=candidate.id)
    status = invitation.status if invitation else Status.PENDING
    is_for_tests = Application.objects.is_test_address(candidate.recipient)
    if is_for_tests or status in {Status.ACCEPTED, Status.REVOKED}:
        cancel(rows)
    elif status == Status.EXPIRED:
        give_up(rows, reason="gave_up", invitation_id=candidate.invitation_id)
    else:
        # If a message crashes its worker, no result is recorded. The limit of attempts stops it.
        exhausted = models.Q(attempts__gte=MAX_ATTEMPTS)
        stale = models.Q(kind="code", created_at__lte=DatabaseNow() - CODE_MAIL_LIFETIME)
        hopeless = rows.filter(exhausted | stale)
        return give_up(hopeless, reason="gave_up", invitation_id=candidate.invitation_id)
    return True


def _is_too_early(candidate: Candidate) -> bool:
    """Delay an invitation's mail if its mailbox reached a limit in CEILINGS meanwhile; return whether it did."""
    if candidate.invitation_id is None:
        return False
    moment = database.now()
    earliest = Message.objects.earliest_now(
        candidate.id, recipient_key=candidate.recipient_key, moment=moment
    )
    if earliest > moment:
        hold_back(Message.objects.still_due().filter(pk=candidate.id), until=earliest)
    return earliest > moment


def _lease(candidate: Candidate) -> bool:
    return bool(
        Message.objects.still_due()
        .filter(pk=candidate.id)
        .update(
            state=State.SENDING,
            lease_owner=f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(8)}",
            lease_until=DatabaseNow() + LEASE,
            attempts=models.F("attempts") + 1,
        )
    )
