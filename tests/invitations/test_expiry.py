"""A day has 24 hours, measured by the database's clock only."""

import os
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.addresses import normalise_email
from accounts.models import User
from config import database
from invitations.models import Invitation, InvitationClosed, MailChannel
from tests.factories import InvitationFactory, MessageFactory

pytestmark = pytest.mark.django_db
ADDRESS = normalise_email("ada@example.com")


@pytest.fixture
def process_zone(monkeypatch):
    def set_zone(name):
        monkeypatch.setitem(os.environ, "TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


def accept(invitation):
    with transaction.atomic():
        user = User(email_address=invitation.email_address, signup_grant="invitation")
        invitation.accept(user=user)
        user.save()


def test_an_invitation_lives_thirty_days_to_the_millisecond(admin):
    invitation = Invitation.objects.create_pending(address=ADDRESS, by=admin.user)
    stored = Invitation.objects.get(pk=invitation.pk)
    assert stored.expires_at - stored.created_at == timedelta(days=30)


def test_days_can_be_chosen(admin):
    invitation = Invitation.objects.create_pending(
        address=ADDRESS, by=admin.user, expires_in_days=365
    )
    assert invitation.expires_at - invitation.created_at == timedelta(hours=365 * 24)


@pytest.mark.parametrize("days", [1, 365])
def test_another_default_moves_no_earlier_invitation(admin, operator, monkeypatch, days):
    Invitation.objects.create_pending(address=ADDRESS, by=admin.user)
    before = Invitation.objects.values().get()
    monkeypatch.setattr("invitations.forms.DEFAULT_DAYS", days)
    operator.post("/invitations/new", {"email_address": "new@example.com"})
    assert Invitation.objects.values().get(pk=before["id"]) == before
    made = Invitation.objects.get(email_address="new@example.com")
    assert made.expires_at - made.created_at == timedelta(days=days)


def test_zones_of_processes_move_nothing(admin, process_zone):
    process_zone("Pacific/Kiritimati")
    invitation = Invitation.objects.create_pending(address=ADDRESS, by=admin.user)
    process_zone("Pacific/Pago_Pago")
    seen = Invitation.objects.get(pk=invitation.pk)
    assert seen.expires_at == invitation.expires_at
    assert abs(seen.expires_at - database.now() - timedelta(days=30)) < timedelta(seconds=10)
    assert seen.status == "pending"


def test_a_process_whose_clock_is_wrong_changes_nothing(admin, time_machine):
    time_machine.move_to("2031-01-01T00:00Z")
    invitation = Invitation.objects.create_pending(address=ADDRESS, by=admin.user)
    assert Invitation.objects.get(pk=invitation.pk).status == "pending"
    accept(invitation)
    assert Invitation.objects.get(pk=invitation.pk).status == "accepted"


def test_an_invitation_is_good_until_its_instant(admin):
    invitation = InvitationFactory()
    Invitation.objects.update(expires_at=database.now() + timedelta(seconds=2))
    assert Invitation.objects.get().status == "pending"
    time.sleep(2.1)
    assert Invitation.objects.get().status == "expired"
    with pytest.raises(InvitationClosed) as closed:
        accept(invitation)
    assert closed.value.reason == "expired"
    assert not User.objects.filter(email_address=invitation.email_address).exists()


def test_expired_invitations_do_not_stand_in_the_way_of_a_new_one(admin):
    InvitationFactory(email_address="ada@example.com", expired=True)
    assert Invitation.objects.create_pending(address=ADDRESS, by=admin.user).status == "pending"


def test_an_expired_invitation_can_be_revoked(admin):
    invitation = InvitationFactory(expired=True)
    invitation.revoke(by=admin.user)
    assert invitation.status == "revoked"


def test_the_database_holds_what_must_never_be():
    InvitationFactory(email_address="ada@example.com")
    for wrong in (
        {"email_address": "ada@example.com"},
        {"accepted": True, "revoked": True},
        {"expires_at": "2020-01-01T00:00Z"},
        {"closed_reason": "superseded"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            InvitationFactory(**wrong)


def test_the_database_holds_what_the_outbox_must_never_be():
    invitation = InvitationFactory()
    for wrong in (
        lambda: MailChannel.objects.create(pk=2),
        lambda: MessageFactory(invitation=None, recipient="x", recipient_key="x"),
        lambda: MessageFactory(invitation=invitation, kind="code"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
