"""A sign-in from a browser that the account does not know sends a mail and writes an event."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import SecurityEvent, User
from invitations.models import Ticket
from tests.accounts.visiting import mails, sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory

ADA, NEW = "ada@example.com", "eight quiet otters"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def ada(db):
    """Ada, who is known in a first browser."""
    ada = UserFactory(email_address=ADA, first_name="Ada", last_name="Lovelace")
    sign_in(Client())
    return ada


def test_the_mail_says_where_and_when(ada):
    sign_in(Client(headers={"User-Agent": FIREFOX}))
    [mail] = mails()
    assert mail.to == [ADA]
    assert mail.subject == "New sign-in to your account at Ollio"
    for words in ("Firefox on Linux", "127.0.0.1", "UTC", "http://localhost:8000/account/sessions"):
        assert words in mail.body
        assert words in mail.alternatives[0].content


def test_an_event_is_kept_with_client_and_browser(ada):
    sign_in(Client(headers={"User-Agent": FIREFOX}))
    event = SecurityEvent.objects.get(kind="new_browser")
    assert (event.subject, event.client, event.browser) == (ada.pk, "127.0.0.1", FIREFOX)


def test_a_browser_is_new_once(ada, client):
    sign_in(client)
    client.post("/sign-out")
    sign_in(client)
    assert len(mails()) == 1


def test_the_first_browser_of_all_is_not_told(db, client):
    UserFactory(email_address=ADA)
    sign_in(client)
    assert mails() == []


def test_a_sign_up_is_not_told(db, client):
    raw = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    client.get("/v1/tickets/accept", {"ticket": raw}, follow=True)
    client.post("/sign-up", {"password": PASSWORD})
    client.post("/sign-out")
    sign_in(client)
    assert mails() == []


def test_a_wrong_password_is_no_sign_in(ada, client):
    sign_in(client, password="wrong password")
    assert mails() == []


def test_a_browser_that_calls_itself_something_hostile_is_not_quoted(ada):
    sign_in(Client(headers={"User-Agent": "https://evil.example <b>Firefox/1</b>"}))
    [mail] = mails()
    assert "evil" not in mail.body + mail.alternatives[0].content
    assert "Firefox" in mail.body


def test_after_a_new_password_no_browser_is_known_so_the_first_is_not_told(ada, client, stranger):
    User.objects.get().change(by=None, password_hash=make_password(NEW))
    sign_in(client, password=NEW)
    assert mails() == []
    sign_in(stranger, password=NEW)
    assert len(mails()) == 1
