"""How two spellings of one address behave in the database, in limits and in mails."""

import pytest
from django.test import Client

from accounts.models import User
from invitations.models import Invitation, Message
from tests.accounts.visiting import mails, sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
SPELLINGS = ["mike@example.com", "MIKE@Example.COM", " mike@example.com\t"]
TWINS = [
    "m\u0131ke@example.com",
    "mi\u212ae@example.com",
    "m\u0130ke@example.com",
    "mïke@example.com",
]


@pytest.fixture
def mike():
    return UserFactory(email_address="mike@example.com")


def test_the_database_compares_byte_for_byte(mike):
    """We only look up normalised addresses. A database that ignored case would hide a missing normalisation."""
    assert User.objects.holding("mike@example.com").exists()
    for text in ["MIKE@example.com", "mike@example.com ", *TWINS]:
        assert not User.objects.holding(text).exists()
        assert not User.objects.filter(email_key=text).exists()


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_signs_in(mike, client, typed):
    assert sign_in(client, address=typed).status_code == 302


@pytest.mark.parametrize("typed", TWINS)
def test_a_look_alike_is_nobody(mike, client, typed):
    assert sign_in(client, address=typed).status_code == 200
    assert client.post("/password/reset", {"email": typed}).status_code == 200
    assert (
        client.post("/sign-up", {"email_address": typed, "password": PASSWORD}).status_code == 200
    )
    assert mails() == []


@pytest.mark.parametrize("typed", SPELLINGS)
def test_mail_goes_to_the_stored_address(mike, client, typed):
    client.post("/password/reset", {"email": typed})
    assert [mail.to for mail in mails()] == [["mike@example.com"]]


def test_every_spelling_is_the_same_invitation(api):
    said = {"content_type": "application/json"}
    answers = [api.post("/v1/invitations", {"email_address": typed}, **said) for typed in SPELLINGS]
    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert list(Invitation.objects.values_list("email_key", flat=True)) == ["mike@example.com"]
    assert list(Message.objects.values_list("recipient", flat=True)) == ["mike@example.com"]


def test_no_spelling_has_a_counter_of_its_own(settings):
    """A mailbox gets at most five codes an hour."""
    settings.LIMITS = {"sign_up": 100}
    for number in range(8):
        typed = SPELLINGS[number % len(SPELLINGS)]
        Client().post("/sign-up", {"email_address": typed, "password": PASSWORD})
    assert Message.objects.count() == 5


def test_a_plus_tag_is_somebody_else(mike, client):
    InvitationFactory(email_address="mike@example.com")
    assert sign_in(client, address="mike+x@example.com").status_code == 200
    assert not User.objects.holding("mike+x@example.com").exists()
