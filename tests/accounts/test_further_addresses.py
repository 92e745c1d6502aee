"""A person may have several addresses; each belongs to them as much as the first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import EmailIdentity, User
from accounts.sign_up import WrongAccount, accept_as
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import change_address, code_of, mails
from tests.conftest import Browser
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Browser(
        UserFactory(email_address="ada@example.com", further_addresses=["ada@second.example"])
    )


def addresses(user):
    found = EmailIdentity.objects.filter(address__user=user).order_by("address__email")
    return [(each.address.email, each.address.primary, each.proof) for each in found]


def test_each_address_has_an_id_and_its_proof(ada):
    assert addresses(ada.user) == [
        ("ada@example.com", True, "email_code"),
        ("ada@second.example", False, "email_code"),
    ]


def test_a_change_on_the_account_page_replaces_the_first_alone(ada):
    page = change_address(ada, to="ada@new.example")["Location"]
    ada.post(page, {"code": code_of(mails()[0])})
    assert User.objects.get().email_address == "ada@new.example"
    assert addresses(ada.user) == [
        ("ada@new.example", True, "email_code"),
        ("ada@second.example", False, "email_code"),
    ]
    assert mails()[-1].to == ["ada@example.com"]


def test_an_address_proved_on_the_account_page_was_proved_by_a_code():
    max_ = Browser(UserFactory(email_address="max@example.com", grant="secret_key"))
    assert addresses(max_.user) == [("max@example.com", True, "admin")]
    page = change_address(max_, to="max@new.example")["Location"]
    max_.post(page, {"code": code_of(mails()[0])})
    assert addresses(max_.user) == [("max@new.example", True, "email_code")]


def test_an_invitation_of_any_of_their_addresses_is_theirs(ada):
    invitation = InvitationFactory(email_address="ada@second.example", public_metadata={"a": 1})
    ticket = Ticket.objects.mint(invitation, channel="mail")
    assert "/sign-in?" in Browser().get(f"/v1/tickets/accept?ticket={ticket}")["Location"]
    ada.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    assert "You are in" in ada.post("/accept-invitation", follow=True).text
    assert Invitation.objects.get().accepted_user == ada.user
    assert User.objects.get().public_metadata == {"a": 1}


def test_an_invitation_of_somebody_elses_address_is_not(ada):
    invitation = InvitationFactory(email_address="eve@example.com")
    with pytest.raises(WrongAccount):
        accept_as(ada.user, invitation=invitation)
    assert Invitation.objects.get().status == "pending"


def test_nobody_signs_up_with_a_further_address(ada, stranger):
    form = {"email_address": "ada@second.example", "password": "eight dry pelicans"}
    assert stranger.post("/sign-up", form)["Location"] == "/sign-up/code"
    assert "have an account" in mails()[0].body
    assert User.objects.count() == 1


def test_a_user_is_written_before_the_address_they_move_to(ada):
    """The order is the same as when a user is created. Otherwise two requests for one address could deadlock."""
    with CaptureQueriesContext(connection) as queries:
        ada.user.move_to("ada@third.example")
    written = [each["sql"] for each in queries if "ada@third.example" in each["sql"]]
    assert [sql.split('"')[1] for sql in written[:2]] == ["accounts_user", "account_emailaddress"]
