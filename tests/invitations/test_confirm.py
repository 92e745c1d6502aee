import pytest
from django.contrib.auth import get_user

from accounts.models import User
from invitations.models import Event, Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation():
    return InvitationFactory(
        email_address="max@example.com", public_metadata={"role": "editor", "old": None}
    )


def follow_link(browser, invitation):
    ticket = Ticket.objects.mint(invitation, channel="mail")
    return browser.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)


def test_somebody_with_an_account_signs_in_and_says_yes(member, invitation):
    User.objects.update(public_metadata={"role": "reader", "old": 1, "kept": True})
    browser = type(member)()
    assert follow_link(browser, invitation).request["PATH_INFO"] == "/sign-in"

    page = browser.post(
        "/sign-in?next=/accept-invitation",
        {"login": "max@example.com", "password": PASSWORD},
        follow=True,
    )
    assert "Accept the invitation" in page.text
    assert Invitation.objects.get().status == "pending"
    answer = browser.post("/accept-invitation", follow=True)

    assert "You are in" in answer.text
    assert Invitation.objects.get().status == "accepted"
    assert Invitation.objects.get().accepted_user == member.user
    user = User.objects.get()
    assert user.public_metadata == {"role": "editor", "kept": True}
    assert user.password == member.user.password
    assert user.signup_invitation is None


def test_opening_the_link_signed_in_asks_first(member, invitation):
    page = follow_link(member, invitation)
    assert "Accept the invitation" in page.text
    assert Invitation.objects.get().status == "pending"


def test_the_link_signs_nobody_in(member, invitation):
    browser = type(member)()
    follow_link(browser, invitation)
    browser.post("/accept-invitation")
    assert not get_user(browser).is_authenticated
    assert Invitation.objects.get().status == "pending"


def test_another_account_cannot_accept(operator, member, invitation):
    page = follow_link(operator, invitation)
    assert "olga@example.com" in page.text
    operator.post("/accept-invitation")
    assert Invitation.objects.get().status == "pending"
    assert get_user(operator) == operator.user


def test_signing_out_goes_on_with_the_link(operator, member, invitation):
    follow_link(operator, invitation)
    answer = operator.post("/accept-invitation/sign-out", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in"
    assert not get_user(operator).is_authenticated


def test_signing_out_leads_a_new_person_to_the_form(operator):
    follow_link(operator, InvitationFactory(email_address="new@example.com"))
    assert "new@example.com" in operator.post("/accept-invitation/sign-out", follow=True).text


def test_a_revoked_invitation_cannot_be_confirmed(member, invitation, admin):
    follow_link(member, invitation)
    invitation.revoke(by=admin.user)
    member.post("/accept-invitation")
    assert Invitation.objects.get().status == "revoked"
    assert not Event.objects.filter(kind="accepted").exists()


def test_without_a_link_there_is_nothing_to_confirm(member):
    assert member.get("/accept-invitation")["Location"] == "/"
