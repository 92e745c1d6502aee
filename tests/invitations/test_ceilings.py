"""Mails to one address: 5 minutes apart, 3 in 24 hours, 10 in 30 days; further ones wait."""

from datetime import timedelta

import pytest

from accounts.addresses import normalise_email
from config import database
from invitations.delivery import outcomes
from invitations.delivery.claims import claim, next_due
from invitations.models import Invitation, Message
from invitations.models.message import CEILINGS
from tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def invite(admin, address="ada@example.com", times=1):
    for _ in range(times):
        last = Invitation.objects.create_pending(
            address=normalise_email(address), by=admin.user, ignore_existing=True
        )
    return last


def due_within(period):
    return Message.objects.filter(next_attempt_at__lte=database.now() + period).count()


def test_the_first_mail_leaves_at_once_and_the_second_waits_five_minutes(admin):
    invite(admin, times=2)
    assert Message.objects.due().count() == 1
    assert due_within(timedelta(minutes=4, seconds=50)) == 1
    assert due_within(timedelta(minutes=5)) == 2


def test_a_thousand_invitations_fill_no_mailbox(admin):
    invite(admin, times=300)
    assert Invitation.objects.pending().count() == 300
    assert Message.objects.filter(state="queued").count() == 300
    assert due_within(DAY - timedelta(minutes=1)) == 3
    assert due_within(30 * DAY - timedelta(minutes=1)) == 10


def test_resends_fill_no_mailbox_either(admin, settings):
    settings.LIMITS = {**settings.LIMITS, "resend": 1000, "resend_day": 1000}
    invite(admin, times=50)
    for invitation in Invitation.objects.all()[:20]:
        for _ in range(5):
            invitation.resend(by=admin.user)
    assert Message.objects.filter(state="queued").count() == 150
    assert due_within(timedelta(minutes=4, seconds=50)) == 1
    assert due_within(DAY - timedelta(minutes=1)) == 3
    assert due_within(30 * DAY - timedelta(minutes=1)) == 10


def after_an_outage():
    """Make all waiting mails due at once."""
    past = database.now() - timedelta(minutes=1)
    Message.objects.filter(state="queued").update(next_attempt_at=past, hold_until=past)


def send_all_due():
    """Send all mails that are due; return their number."""
    sent = 0
    while candidate := next_due():
        taken = claim(candidate)
        sent += bool(taken and outcomes.mark_sent(taken))
    return sent


def test_mails_held_up_together_still_leave_apart(admin):
    invite(admin, times=3)
    after_an_outage()
    assert send_all_due() == 1
    assert Message.objects.filter(state="queued", attempts=0).count() == 2
    assert Message.objects.due().count() == due_within(timedelta(minutes=4, seconds=50)) - 1 == 0
    assert due_within(timedelta(minutes=5)) == 3


@pytest.mark.parametrize(("number", "period"), CEILINGS)
def test_each_ceiling_holds_after_an_outage(admin, number, period):
    invite(admin, times=number + 1)
    long_enough, too_recent = period + timedelta(seconds=5), period - timedelta(seconds=5)
    already = list(Message.objects.values_list("pk", flat=True)[:number])
    Message.objects.filter(pk__in=already).update(state="sent")
    for ago, left in [(too_recent, 0), (long_enough, 1)]:
        Message.objects.filter(state="sent").update(sent_at=database.now() - ago)
        after_an_outage()
        assert send_all_due() == left


def test_what_another_worker_is_sending_counts(admin):
    invite(admin, times=2)
    after_an_outage()
    assert claim(next_due())
    assert claim(next_due()) is None
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "sending"]


def test_an_attempt_that_failed_does_not_hold_up_the_next(admin):
    invite(admin)
    taken = claim(next_due())
    outcomes.put_off(taken, reason="timeout")
    after_an_outage()
    assert send_all_due() == 1
    assert Message.objects.get().attempts == 2


def test_a_worker_that_died_does_not_hold_up_its_message(admin):
    invite(admin)
    claim(next_due())
    Message.objects.update(lease_until=database.now() - timedelta(minutes=1))
    assert send_all_due() == 1


def test_spellings_of_an_address_share_a_ceiling(admin):
    invite(admin, "Ada@Example.COM")
    invite(admin, " ada@example.com")
    assert Message.objects.due().count() == 1


def test_another_address_has_its_own(admin):
    invite(admin)
    invite(admin, "ada+2@example.com")
    assert Message.objects.due().count() == 2


def test_a_mail_that_never_left_does_not_count(admin):
    invite(admin).revoke(by=admin.user)
    invite(admin)
    assert Message.objects.due().count() == 1


def test_a_revoke_cancels_what_waits(admin):
    invitation = invite(admin)
    invitation.revoke(by=admin.user)
    assert Message.objects.get().state == "cancelled"


def test_without_notify_no_mail_is_queued(admin):
    address = normalise_email("ada@example.com")
    Invitation.objects.create_pending(address=address, by=admin.user, notify=False)
    assert not Message.objects.exists()
    assert InvitationFactory().messages.count() == 0
