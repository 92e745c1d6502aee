"""Send one claimed message and record the result."""

import time
from collections.abc import Callable

import structlog
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import InterfaceError, OperationalError, connection

from accounts.models import Application
from config.crypto import Unreadable
from invitations.delivery import channel, outcomes
from invitations.delivery.claims import LEASE, Claim
from invitations.delivery.faults import (
    BROKEN_TEMPLATE,
    LOST,
    RENDERING_ERRORS,
    TRANSPORT_ERRORS,
    UNREADABLE,
    Fault,
    Remedy,
    fault_of,
)
from invitations.delivery.outbox import restore
from invitations.emails import invitation_message

_MARKING_SECONDS = LEASE.total_seconds() / 3

log = structlog.get_logger(__name__)


def deliver(claim: Claim) -> None:
    """Send a claimed message and record the result. No transaction is open during sending."""
    try:
        email = compose(claim)
    except Unreadable as error:
        settle(claim, fault=UNREADABLE, error=error)
        return
    except RENDERING_ERRORS as error:
        settle(claim, fault=BROKEN_TEMPLATE, error=error)
        return
    try:
        taken = transmit(email)
    except TRANSPORT_ERRORS as error:
        settle(claim, fault=fault_of(error), error=error)
        return
    if taken:
        _insist(lambda: outcomes.mark_sent(claim))
        channel.resume()
    else:
        settle(claim, fault=LOST)


def compose(claim: Claim) -> EmailMultiAlternatives:
    """Build the mail. Each attempt has the same Message-ID, so that mail programs can recognise a second copy."""
    message = claim.message
    if message.invitation:
        application = Application.objects.current()
        email = invitation_message(
            message.invitation, raw_ticket=claim.raw_ticket, application=application
        )
    else:
        email = restore(message)
    email.extra_headers |= {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    return email


def transmit(email: EmailMultiAlternatives) -> int:
    """Send it to the mail server. Return 1 if the server accepted it. Raises one of TRANSPORT_ERRORS."""
    return mailers["transport"].send_messages([email])


def settle(claim: Claim, *, fault: Fault, error: Exception | None = None) -> None:
    """Log the fault and apply its remedy: pause the queue, try again later, or mark as failed."""
    log.warning(
        "mail_not_sent",
        message=claim.message.pk,
        attempt=claim.message.attempts,
        reason=fault.reason,
        error=type(error).__name__,
        answer=getattr(error, "smtp_error", None),
    )
    if fault.remedy is Remedy.PAUSE:
        outcomes.put_back(claim, reason=fault.reason)
        channel.pause(fault.reason)
    elif fault.remedy is Remedy.RETRY:
        outcomes.put_off(claim, reason=fault.reason)
    else:
        outcomes.mark_failed(claim, reason=fault.reason)


def _insist(mark: Callable[[], bool]) -> None:
    """Call `mark`; if the database connection fails, try again for a while.

    The mail is already sent: without the mark it would be sent twice.
    """
    until = time.monotonic() + _MARKING_SECONDS
    while True:
        try:
            mark()
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(1)
        else:
            return
