"""A copied link opens the form and proves nothing; a mailed code proves the address."""

import pytest
from django.contrib.auth import get_user

from accounts.models import Application, SignUp, User
from accounts.sign_up import begin
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, InvitationFactory

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.com"


@pytest.fixture
def invitation():
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")
    return InvitationFactory(email_address=ADDRESS, public_metadata={"role": "editor"})


@pytest.fixture
def visitor(stranger, admin, invitation):
    """A visitor with the copied link who has chosen a password."""
    choose_password(stranger, invitation.mint_link(by=admin.user))
    return stranger


def choose_password(browser, ticket):
    page = browser.get("/v1/tickets/accept", {"ticket": ticket}, follow=True)
    assert ADDRESS in page.text
    return browser.post("/sign-up", {"password": PASSWORD}, follow=True)


def enter(browser, code):
    return browser.post("/sign-up/code", {"code": code}, follow=True)


def invited():
    return User.objects.filter(email_key=ADDRESS)


def test_without_the_code_there_is_no_account(visitor):
    for path in ("/sign-up", "/account", "/accept-invitation", "/sign-up/code"):
        visitor.get(path)
        visitor.post(path, {"password": PASSWORD})
    enter(visitor, "")
    assert not invited().exists()
    assert not get_user(visitor).is_authenticated
    assert Invitation.objects.get().status == "pending"


def test_the_code_goes_to_the_invited_address_alone(visitor):
    [mail] = mails()
    assert mail.to == [ADDRESS]


def test_five_wrong_codes_kill_the_code_and_not_the_invitation(visitor):
    right = code_of(mails()[-1])
    for number in range(5):
        enter(visitor, f"{(int(right) + 1 + number) % 10**6:06d}")
    enter(visitor, right)
    assert not invited().exists()
    assert Invitation.objects.get().status == "pending"

    SignUp.objects.update(code_sent_at="2020-01-01T00:00Z")
    visitor.post("/sign-up/code/again")
    enter(visitor, code_of(mails()[-1]))
    assert invited().get().signup_invitation == Invitation.objects.get()


def test_the_right_code_verifies_and_accepts(visitor):
    answer = enter(visitor, code_of(mails()[-1]))
    user = invited().get()
    assert "You are in" in answer.text
    assert user.emailaddress_set.get().verified
    assert (user.signup_grant, user.public_metadata) == ("invitation", {"role": "editor"})
    assert Invitation.objects.get().status == "accepted"


def test_a_revoke_kills_the_code_under_way(visitor, admin, invitation):
    invitation.revoke(by=admin.user)
    enter(visitor, code_of(mails()[-1]))
    assert not invited().exists()


@pytest.mark.parametrize("channel", ["mail", "api"])
def test_links_that_prove_the_address_ask_for_no_code(stranger, invitation, channel):
    page = choose_password(stranger, Ticket.objects.mint(invitation, channel=channel))
    assert "You are in" in page.text
    assert invited().get().emailaddress_set.get().verified
    assert mails() == []


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_erased_while_a_password_is_chosen_begins_nothing(admin, invitation):
    ticket = Ticket.objects.find(invitation.mint_link(by=admin.user))
    assert ticket.invitation.status == "pending"
    Invitation.objects.get(pk=invitation.pk).erase(by=admin.user)
    with pytest.raises(Invitation.DoesNotExist):
        begin(password=PASSWORD, ticket=ticket)
    assert not SignUp.objects.exists()
    assert mails() == []
