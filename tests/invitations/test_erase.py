"""Erasing an invitation erases its tickets and messages. Users stay, and events keep the id."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import SignUp, User
from config import counters
from invitations.delivery import outcomes
from invitations.delivery.claims import claim, next_due
from invitations.delivery.sending import deliver
from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import PASSWORD, InvitationFactory, MessageFactory, SecretKeyFactory

pytestmark = pytest.mark.django_db


def begin(invitation, channel, **said):
    visitor = Client()
    ticket = Ticket.objects.mint(invitation, channel=channel)
    visitor.get("/v1/tickets/accept", {"ticket": ticket}, follow=True)
    visitor.post("/sign-up", {"password": PASSWORD, **said})
    return visitor


def test_nothing_of_it_is_left_but_its_id(admin):
    message = MessageFactory(invitation__email_address="ada@example.com")
    begin(message.invitation, "shared")
    message.invitation.erase(by=admin.user)

    for table in (Invitation, Ticket, SignUp):
        assert not table.objects.exists()
    assert not Message.objects.filter(kind="invitation").exists()
    event = Event.objects.get(kind="deleted")
    assert (event.subject, event.actor_id) == (message.invitation_id, admin.user.pk)
    assert event.detail == {"status": "pending"}
    assert "ada@example.com" not in str(list(Event.objects.values()))


def test_who_came_in_by_it_stays(admin):
    invitation = InvitationFactory(email_address="ada@example.com", public_metadata={"a": 1})
    begin(invitation, "mail")
    user = User.objects.get(email_key="ada@example.com")
    Invitation.objects.get().erase(by=admin.user)

    user.refresh_from_db()
    assert (user.signup_grant, user.signup_invitation) == ("invitation", None)
    assert user.public_metadata == {"a": 1}
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("trait", "counted"), [({}, 1), ({"expired": True}, 1), ({"accepted": True}, 1)]
)
def test_the_total_goes_down_by_one_that_was_counted(admin, trait, counted):
    InvitationFactory()
    invitation = InvitationFactory(**trait)
    invitation.erase(by=admin.user)
    assert counters.total("invitations") == counted


def test_and_not_by_one_that_was_not(admin):
    InvitationFactory()
    revoked = InvitationFactory()
    revoked.revoke(by=admin.user)
    assert counters.total("invitations") == 1
    revoked.erase(by=admin.user)
    assert counters.total("invitations") == 1


def test_twice_says_that_it_is_gone(admin):
    invitation = InvitationFactory()
    invitation.erase(by=admin.user)
    with pytest.raises(Invitation.DoesNotExist):
        invitation.erase(by=admin.user)
    assert Event.objects.filter(kind="deleted").count() == 1


@pytest.mark.parametrize("verb", ["revoke", "resend", "mint_link", "change"])
def test_no_verb_works_on_what_is_gone(admin, verb):
    invitation = InvitationFactory()
    Invitation.objects.get().erase(by=admin.user)
    values = {"public_metadata": {}} if verb == "change" else {}
    with pytest.raises(Invitation.DoesNotExist):
        getattr(invitation, verb)(by=admin.user, **values)
    assert not Message.objects.exists()


def test_a_worker_that_had_its_mail_in_hand_goes_on(admin):
    MessageFactory()
    candidate = next_due()
    claimed = claim(candidate)
    Invitation.objects.get().erase(by=admin.user)

    deliver(claimed)  # already being sent; its link no longer works
    assert outcomes.mark_sent(claimed) is False
    assert claim(candidate) is None
    assert not Event.objects.filter(kind__startswith="mail_").exists()


def test_admins_and_keys_may_erase_and_operators_may_not(admin, operator, member):
    for browser in (operator, member):
        with pytest.raises(PermissionDenied):
            InvitationFactory().erase(by=browser.user)
    InvitationFactory().erase(by=admin.user)
    InvitationFactory().erase(by=SecretKeyFactory())
    assert Invitation.objects.count() == 2
