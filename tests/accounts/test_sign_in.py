import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import Application, CacheEntry, User
from config import limits
from tests.accounts.visiting import masked, sign_in
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def test_the_right_password_signs_in(ada, client):
    answer = sign_in(client)
    assert answer["Location"] == reverse("home")
    assert client.get("/account").context["user"] == ada


def test_it_leads_on_to_where_one_wanted_to_go(ada, client):
    asked = client.get("/account/sessions")
    assert asked["Location"] == "/sign-in?next=/account/sessions"
    page = client.get(asked["Location"])
    assert 'name="next" value="/account/sessions"' in page.content.decode()
    assert sign_in(client, next="/account/sessions")["Location"] == "/account/sessions"


def test_it_leads_to_no_other_site(ada, client):
    assert sign_in(client, next="https://evil.example/")["Location"] == reverse("home")


@pytest.mark.parametrize("spelling", ["ADA@Example.COM", " ada@example.com\t", "ada@EXAMPLE.com"])
def test_spellings_of_one_address_are_one_person(ada, client, spelling):
    assert sign_in(client, address=spelling).status_code == 302


@pytest.mark.parametrize(
    "spelling", ["ada@bücher.example", "Ada@BÜCHER.example", "ada@xn--bcher-kva.example"]
)
def test_a_domain_may_be_written_either_way(db, client, spelling):
    UserFactory(email_address="ada@bücher.example")
    assert sign_in(client, address=spelling).status_code == 302


@pytest.mark.parametrize(
    "lookalike", ["m\u0131ke@example.com", "mi\u212ae@example.com", "ｍike@example.com"]
)
def test_lookalikes_are_other_people(db, client, lookalike):
    UserFactory(email_address="mike@example.com")
    assert sign_in(client, address=lookalike).status_code == 200


@pytest.mark.parametrize(
    "other",
    ["eve@example.com", "no address", "ada@@example.com", "a" * 400, "ada\u0001@example.com"],
)
def test_known_and_unknown_addresses_get_the_same_page(ada, client, other):
    known = sign_in(client, password="wrong password")
    unknown = sign_in(client, address=other, password="wrong password")
    assert known.status_code == unknown.status_code == 200
    assert "do not belong together" in known.content.decode()
    assert masked(known, address="ada@example.com") == masked(unknown, address=other)


@pytest.mark.parametrize("other", ["eve@example.com", "no address"])
def test_known_and_unknown_addresses_cost_one_hash(ada, client, monkeypatch, other):
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashes.append(1) or encode(self, *args)
    )
    for address in ("ada@example.com", other):
        hashes.clear()
        sign_in(client, address=address, password="wrong password")
        assert len(hashes) == 1


@pytest.mark.parametrize("password", ["", " ", "\u0000"])
def test_an_account_without_a_password_is_opened_by_none(db, client, password):
    UserFactory(email_address="ada@example.com", password=None)
    assert sign_in(client, password=password).status_code == 200
    assert "_auth_user_id" not in client.session


def test_looking_at_the_page_signs_nobody_in(ada, client):
    client.get("/sign-in", {"login": "ada@example.com", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_planted_session_is_worth_nothing_afterwards(ada, client, stranger):
    client.get("/password/reset")
    planted = client.session  # creates a session and its cookie
    stranger.cookies["ollio_session_8000"] = planted.session_key
    before = client.cookies["ollio_csrf_8000"].value
    sign_in(client)
    assert client.cookies["ollio_session_8000"].value != planted.session_key
    assert client.cookies["ollio_csrf_8000"].value != before
    assert stranger.get("/account").status_code == 302


def test_a_closed_account_stays_outside(ada, client):
    User.objects.update(banned_at=timezone.now())
    answer = sign_in(client)
    assert answer["Location"] == reverse("account_inactive")
    assert "This account is closed" in client.get(answer["Location"]).content.decode()


@pytest.mark.usefixtures("still_windows")
def test_guessing_is_slowed_down_per_address_however_it_is_spelt(ada, client):
    for address in (
        "ada@example.com",
        "ADA@example.com",
        "Ada@Example.Com",
        " ada@example.com",
        "adA@example.com",
    ):
        sign_in(client, address=address, password="wrong password")
    assert "too often" in sign_in(client).content.decode()
    assert "_auth_user_id" not in client.session


def test_what_was_counted_long_ago_is_cleared_away(db):
    cache.set("past", ["past"], timeout=-60)
    cache.set("present", ["present"], timeout=60)
    limits.forget_past()
    assert [entry.value for entry in CacheEntry.objects.all()] == ['["present"]']


@pytest.mark.usefixtures("still_windows")
def test_guessing_is_slowed_down_per_client(ada, client):
    for number in range(30):
        sign_in(client, address=f"nobody{number}@example.com", password="wrong password")
    answer = sign_in(client, address="last@example.com")
    assert answer.status_code == 429
    assert "That was too often" in answer.content.decode()


def test_the_page_offers_an_account_unless_one_needs_an_invitation(admin, stranger):
    assert reverse("account_signup") in stranger.get("/sign-in").content.decode()
    Application.objects.current().change(by=admin.user, sign_up_mode="restricted")
    assert reverse("account_signup") not in stranger.get("/sign-in").content.decode()


def test_the_application_may_have_its_own_sign_up_page(admin, stranger):
    Application.objects.current().change(by=admin.user, sign_up_url="https://app.example/join")
    assert 'href="https://app.example/join"' in stranger.get("/sign-in").content.decode()


def test_the_password_is_never_given_back(ada, client):
    assert "wrong password" not in sign_in(client, password="wrong password").content.decode()


def test_before_anybody_has_an_account_it_leads_to_set_up(db, client):
    assert client.get("/sign-in")["Location"] == reverse("set_up")
