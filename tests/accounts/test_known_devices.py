"""The cookie that marks a browser as known for an account: its content, its path and its end."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.test import Client, RequestFactory

from accounts import devices
from accounts.models import KnownDevice, User
from config.crypto import digest
from invitations.models import Ticket
from tests.accounts.visiting import code_of, mails, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, InvitationFactory, UserFactory

ADA, BOB = "ada@example.com", "bob@example.com"
COOKIE = "known-browser_8000"
NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA, further_addresses=["ada@second.example"])


def knows(browser, address=ADA):
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return bool(devices.knows(request, email_key=address))


def test_a_sign_in_makes_the_account_known_in_the_browser(ada, client, stranger):
    sign_in(client)
    assert knows(client)
    assert not knows(stranger)


def test_it_is_known_by_each_of_its_addresses(ada, client):
    sign_in(client)
    assert knows(client, "ada@second.example")
    assert not knows(client, BOB)


def test_the_cookie_is_random_kept_from_scripts_and_from_other_sites(ada, client):
    sign_in(client)
    cookie = client.cookies[COOKIE]
    assert len(cookie.value) == 43
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (cookie["max-age"], cookie["domain"]) == (180 * 24 * 3600, "")


def test_only_its_hash_is_stored(ada, client):
    sign_in(client)
    assert KnownDevice.objects.get().secret_hash == digest(client.cookies[COOKIE].value)


def test_it_signs_nobody_in(ada, client, stranger):
    sign_in(client)
    stranger.cookies[COOKIE] = client.cookies[COOKIE].value
    assert stranger.get("/account").status_code == 302


def test_a_wrong_password_makes_nothing_known(ada, client):
    sign_in(client, password="wrong password")
    assert COOKIE not in client.cookies


def test_a_banned_account_becomes_known_nowhere(ada, client):
    ada.ban(by=None)
    sign_in(client)
    assert COOKIE not in client.cookies


def test_signing_out_keeps_it(ada, client):
    sign_in(client)
    client.post("/sign-out")
    assert knows(client)


def test_signing_in_again_keeps_the_one_row(ada, client):
    sign_in(client)
    client.post("/sign-out")
    sign_in(client)
    assert KnownDevice.objects.count() == 1
    assert knows(client)


def test_a_sign_up_by_a_link_makes_it_known(client, db):
    raw = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    client.get("/v1/tickets/accept", {"ticket": raw}, follow=True)
    client.post("/sign-up", {"password": PASSWORD})
    assert knows(client)


def test_a_sign_up_by_code_makes_it_known(client, db):
    client.post("/sign-up", {"email_address": ADA, "password": PASSWORD})
    client.post("/sign-up/code", {"code": code_of(mails()[0])})
    assert knows(client)


def test_a_family_computer_is_known_to_each(ada, client):
    UserFactory(email_address=BOB)
    sign_in(client)
    client.post("/sign-out")
    sign_in(client, address=BOB)
    assert knows(client, ADA)
    assert knows(client, BOB)


def test_a_browser_holds_the_eight_newest(ada, client):
    sign_in(client)
    for number in range(8):
        client.post("/sign-out")
        sign_in(client, address=UserFactory(email_address=f"user{number}@home.example").email_key)
    assert len(client.cookies[COOKIE].value.split(".")) == 8
    assert knows(client, "user0@home.example")
    assert not knows(client)


def test_an_account_is_known_in_the_twenty_newest(ada):
    browsers = [Client() for _ in range(21)]
    for browser in browsers:
        sign_in(browser)
    assert KnownDevice.objects.count() == 20
    assert [knows(browser) for browser in browsers] == [False, *[True] * 20]


def test_a_cookie_that_somebody_planted_makes_nothing_known(ada, client):
    planted = "x" * 43
    client.cookies[COOKIE] = planted
    sign_in(client)
    assert client.cookies[COOKIE].value.split(".")[1:] == [planted]
    client.cookies[COOKIE] = planted
    assert not knows(client)


@pytest.mark.parametrize("junk", ["", ".", "..", "a.b", "é" * 43, "x" * 5000, "\x00", '"; x'])
def test_junk_in_the_cookie_harms_nothing(ada, client, junk):
    client.cookies[COOKIE] = junk
    assert sign_in(client).status_code == 302
    assert knows(client)


def test_half_a_year_without_use_ends_it(ada, client):
    sign_in(client)
    KnownDevice.objects.update(last_used_at=F("last_used_at") - timedelta(days=180))
    assert not knows(client)
    KnownDevice.objects.forget_past()
    assert not KnownDevice.objects.exists()


def test_what_was_used_lately_is_not_cleared(ada, client):
    sign_in(client)
    KnownDevice.objects.update(last_used_at=F("last_used_at") - timedelta(days=179))
    KnownDevice.objects.forget_past()
    assert knows(client)


def test_a_new_password_ends_it_everywhere_but_where_it_was_changed(ada, client, stranger):
    sign_in(client)
    sign_in(stranger)
    client.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert knows(client)
    assert not knows(stranger)


def test_a_reset_ends_it(ada, client, stranger):
    sign_in(client)
    User.objects.get().change_password(password_hash=make_password(NEW))
    assert not KnownDevice.objects.exists()


def test_a_new_password_by_a_key_or_an_admin_ends_it(ada, client):
    sign_in(client)
    ada.change(by=None, password_hash=make_password(NEW))
    assert not KnownDevice.objects.exists()


def test_a_password_changed_meanwhile_lets_nothing_become_known(ada, client, before):
    def changed():
        User.objects.get().change(by=None, password_hash=make_password(NEW))

    before(devices, "recognise", happens=changed)
    sign_in(client)
    assert not KnownDevice.objects.exists()


def test_another_name_ends_nothing(ada, client):
    sign_in(client)
    ada.rename(first_name="Ada", last_name="Lovelace")
    assert knows(client)


def test_a_ban_ends_nothing(ada, client):
    sign_in(client)
    ada.ban(by=None)
    assert knows(client)


def test_it_goes_with_the_account(ada, client):
    sign_in(client)
    User.objects.get().erase(by=None)
    assert not KnownDevice.objects.exists()


def test_who_asks_for_a_page_is_given_nothing(ada):
    browser = Browser(ada)
    browser.get("/account")
    assert COOKIE not in browser.cookies
