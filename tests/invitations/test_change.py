"""Changing a pending invitation; mails and links that are already under way follow the change."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from accounts.sign_up import sign_up_with_ticket
from config import database
from invitations.models import Event, Invitation, InvitationClosed, Ticket
from tests.factories import PASSWORD, InvitationFactory, SecretKeyFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def invitation():
    return InvitationFactory(email_address="ada@example.com", public_metadata={"role": "reader"})


def test_only_what_was_given_changes_and_one_event_says_what(admin, invitation):
    before = Invitation.objects.values().get()
    target = "https://app.example.com/x"
    invitation.change(by=admin.user, public_metadata={}, redirect_url=target)

    after = Invitation.objects.values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"public_metadata", "redirect_url", "updated_at"}
    assert (invitation.public_metadata, invitation.redirect_url) == ({}, target)
    event = Event.objects.get(kind="updated")
    assert (event.actor_id, event.at) == (admin.user.pk, invitation.updated_at)
    assert event.detail == {"changed": ["public_metadata", "redirect_url"]}


def test_days_count_from_this_moment(admin, invitation):
    invitation.change(by=admin.user, expires_in_days=365)
    assert invitation.expires_at - invitation.updated_at == 365 * DAY


def test_a_shorter_life_ends_the_links_already_sent(admin, invitation):
    raw = Ticket.objects.mint(invitation, channel="mail")
    invitation.change(by=admin.user, expires_in_days=1)
    assert Ticket.objects.find(raw).invitation.expires_at == invitation.expires_at
    assert invitation.expires_at < database.now() + 2 * DAY


def test_whoever_follows_an_older_link_gets_the_new_metadata(admin, invitation):
    raw = Ticket.objects.mint(invitation, channel="mail")
    invitation.change(by=admin.user, public_metadata={"role": "editor"})
    visitor = Client()
    visitor.get("/v1/tickets/accept", {"ticket": raw}, follow=True)
    visitor.post("/sign-up", {"password": PASSWORD})
    assert User.objects.get(email_key="ada@example.com").public_metadata == {"role": "editor"}


def test_a_sign_up_that_read_the_invitation_before_gets_them_too(admin, invitation):
    ticket = Ticket.objects.find(Ticket.objects.mint(invitation, channel="mail"))
    assert ticket.invitation.public_metadata == {"role": "reader"}
    invitation.change(by=admin.user, public_metadata={"role": "editor"})
    user = sign_up_with_ticket(ticket, password=PASSWORD)
    assert user.public_metadata == {"role": "editor"}


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        ({"accepted_at": "2026-01-01T00:00Z"}, "accepted"),
        ({"revoked_at": "2026-01-01T00:00Z"}, "revoked"),
        ({"created_at": "2020-01-01T00:00Z", "expires_at": "2020-01-02T00:00Z"}, "expired"),
    ],
)
def test_the_database_knows_better_whether_it_is_pending(admin, invitation, meanwhile, reason):
    Invitation.objects.update(**meanwhile)
    with pytest.raises(InvitationClosed) as closed:
        invitation.change(by=admin.user, expires_in_days=30)
    assert closed.value.reason == reason
    assert not Event.objects.filter(subject=invitation.pk).exists()


def test_nothing_else_moves_an_expiry(admin, invitation):
    expiry = invitation.expires_at
    invitation.change(by=admin.user, public_metadata={"a": 1})
    invitation.mint_link(by=admin.user)
    invitation.resend(by=admin.user)
    Client().get("/v1/tickets/accept", {"ticket": Ticket.objects.mint(invitation, channel="mail")})
    invitation.revoke(by=admin.user)
    assert Invitation.objects.get().expires_at == expiry


def test_who_may_invite_may_change(operator, member, invitation):
    with pytest.raises(PermissionDenied):
        invitation.change(by=member.user, expires_in_days=1)
    invitation.change(by=operator.user, expires_in_days=1)
    invitation.change(by=SecretKeyFactory(), expires_in_days=2)
    assert Event.objects.filter(kind="updated").count() == 2
