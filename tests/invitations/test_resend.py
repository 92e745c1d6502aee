"""Resending sends one more mail, and makes an expired invitation pending again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from config import counters, database
from config.limits import LimitExceeded
from invitations.models import (
    Event,
    Invitation,
    InvitationClosed,
    InvitationRefused,
    Message,
    Ticket,
)
from tests.factories import InvitationFactory, MessageFactory, SecretKeyFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def patient(settings):
    settings.LIMITS = {**settings.LIMITS, "resend": 100}


def test_a_mail_more_and_the_rest_as_it_was(admin):
    invitation = MessageFactory(sent=True).invitation
    before = Invitation.objects.values().get()
    invitation.resend(by=admin.user)

    after = Invitation.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {"updated_at"}
    newest = Message.objects.latest("id")
    assert (newest.state, newest.recipient) == ("queued", invitation.email_address)
    event = Event.objects.get(kind="resent")
    assert (event.subject, event.actor_id) == (invitation.pk, admin.user.pk)
    assert counters.total("invitations") == 1


def test_an_expired_one_lives_thirty_days_from_now(admin):
    invitation = InvitationFactory(expired=True)
    invitation.resend(by=admin.user)
    assert invitation.status == Invitation.objects.get().status == "pending"
    assert invitation.expires_at - invitation.updated_at == 30 * DAY


@pytest.mark.parametrize("trait", [{}, {"expired": True}])
def test_days_given_count_from_now_for_both(admin, trait):
    invitation = InvitationFactory(**trait)
    invitation.resend(by=admin.user, expires_in_days=1)
    assert invitation.expires_at - invitation.updated_at == DAY
    assert abs(invitation.updated_at - database.now()) < timedelta(seconds=10)


def test_older_links_live_exactly_as_long_as_the_new_one(admin, stranger):
    invitation = InvitationFactory(expired=True)
    old = Ticket.objects.mint(invitation, channel="mail")
    invitation.resend(by=admin.user, channel="api")
    expiries = {
        Ticket.objects.find(raw).invitation.expires_at for raw in (old, invitation.raw_ticket)
    }
    assert expiries == {invitation.expires_at}
    answer = stranger.get("/v1/tickets/accept", {"ticket": old}, follow=True)
    assert invitation.email_address in answer.text


def test_it_never_becomes_exclusive_again(admin):
    old = InvitationFactory(email_address="ada@example.com", expired=True)
    new = Invitation.objects.create_pending(address=old.address, by=admin.user)
    old.resend(by=admin.user)
    assert set(Invitation.objects.pending()) == {old, new}
    assert (old.exclusive, new.exclusive) == (False, True)


def test_an_expired_one_that_stands_alone_keeps_its_place(admin):
    old = InvitationFactory(email_address="ada@example.com", expired=True)
    old.resend(by=admin.user)
    assert Invitation.objects.get().exclusive
    with pytest.raises(InvitationRefused, match="duplicate"):
        Invitation.objects.create_pending(address=old.address, by=admin.user)


@pytest.mark.parametrize("trait", ["accepted", "revoked"])
def test_what_is_over_stays_over_however_late_one_learns_of_it(admin, trait):
    known = InvitationFactory()
    over = InvitationFactory.build(**{trait: True})
    Invitation.objects.update(accepted_at=over.accepted_at, revoked_at=over.revoked_at)
    with pytest.raises(InvitationClosed) as closed:
        known.resend(by=admin.user)
    assert closed.value.reason == trait
    assert not Message.objects.exists()
    assert not Event.objects.filter(kind="resent").exists()


def test_the_allowance_is_used_by_what_was_sent_alone(admin, settings):
    settings.LIMITS = {}
    over = InvitationFactory(revoked=True)
    for _ in range(9):
        with pytest.raises(InvitationClosed):
            over.resend(by=admin.user)


def test_five_a_day(admin):
    invitation = InvitationFactory()
    with pytest.raises(LimitExceeded):
        resend_often(invitation, by=admin.user)
    assert Message.objects.count() == Event.objects.filter(kind="resent").count() in range(5, 11)


def resend_often(invitation, *, by):
    for _ in range(11):  # the calls are in at most two windows of a day
        invitation.resend(by=by)


def test_a_full_mailbox_holds_the_mail_back_and_refuses_nothing(admin):
    invitation = MessageFactory(sent=True).invitation
    invitation.resend(by=admin.user)
    newest = Message.objects.latest("id")
    assert newest.hold_until - database.now() > timedelta(minutes=4)


def test_who_may_invite_may_resend(operator, member):
    invitation = InvitationFactory()
    with pytest.raises(PermissionDenied):
        invitation.resend(by=member.user)
    invitation.resend(by=operator.user)
    invitation.resend(by=SecretKeyFactory())
    assert Message.objects.count() == 2
