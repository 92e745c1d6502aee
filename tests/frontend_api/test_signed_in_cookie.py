"""`__client_uat` shows an application's servers that the browser is signed in."""

import time

import pytest

from accounts.publishable_key import cookie_suffix
from config.signed_in_cookie import shared_domain
from tests.accounts.visiting import sign_in
from tests.factories import UserFactory

NAME = "__client_uat"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def base(settings):
    def base(url):
        settings.BASE_URL = url
        settings.ALLOWED_HOSTS = ["*"]

    return base


def kept(cookies):
    return [cookies[name].value for name in (NAME, f"{NAME}_{cookie_suffix()}")]


def test_it_says_since_when_somebody_is_signed_in(browser, ada):
    before = int(time.time())
    browser.sign_in()
    [session] = browser.client()["sessions"]
    assert kept(browser.cookies) == [str(session["created_at"] // 1000)] * 2
    assert before <= int(browser.cookies[NAME].value) <= time.time()


def test_scripts_and_other_pages_of_the_application_may_read_it(browser, ada, settings):
    settings.SECURE = True
    browser.sign_in()
    cookie = browser.cookies[NAME]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", "")
    assert cookie["secure"]
    assert cookie["max-age"] == str(browser.cookies["__client_8000"]["max-age"])


def test_it_is_0_for_whoever_has_signed_out(browser, ada):
    session = browser.sign_in()
    browser.post(f"client/sessions/{session}/end")
    assert kept(browser.cookies) == ["0", "0"]
    assert browser.cookies[NAME]["max-age"] == str(14 * 24 * 3600)


def test_forgetting_the_browser_signs_out_as_well(browser, ada):
    browser.sign_in()
    browser.delete("client/sessions")
    assert kept(browser.cookies) == ["0", "0"]


def test_the_hosted_pages_say_it_too(client, ada):
    sign_in(client)
    assert abs(int(kept(client.cookies)[0]) - time.time()) < 60
    client.post("/sign-out")
    assert kept(client.cookies) == ["0", "0"]


def test_it_follows_a_session_that_was_ended_elsewhere(browser, ada):
    browser.sign_in()
    ada.set_password("another seven penguins")
    ada.save()
    browser.client()
    assert kept(browser.cookies) == ["0", "0"]


def test_whoever_was_never_signed_in_gets_none(browser, application):
    browser.post("client/sign_ups", email_address="new@example.com")
    assert "__client_8000" in browser.cookies
    assert NAME not in browser.cookies


@pytest.mark.parametrize(
    ("ours", "theirs", "domain"),
    [
        ("https://accounts.example.com", "https://app.example.com", "example.com"),
        ("https://accounts.example.com", "https://example.com:8443", "example.com"),
        ("https://example.com", "https://app.example.com", "example.com"),
        ("https://a.eu.example.com", "https://b.eu.example.com", "eu.example.com"),
        ("https://accounts.example.com", "https://accounts.example.com:3000", ""),
        ("https://accounts.example.com", "https://app.example.org", ""),
        ("http://localhost:8000", "http://127.0.0.1:3000", ""),
        ("http://a.localhost:8000", "http://b.localhost:3000", ""),
        ("http://10.0.0.1", "http://127.0.0.1", ""),
    ],
)
def test_it_is_set_for_the_domain_that_both_hosts_share(application, base, ours, theirs, domain):
    base(ours)
    application.allowed_origins = [theirs]
    application.save()
    assert shared_domain(theirs) == domain


def test_our_pages_set_it_for_the_application(application, base, client, ada):
    base("https://accounts.example.com")
    application.allowed_origins = ["https://example.org", "https://app.example.com"]
    application.save()
    sign_in(client)
    assert client.cookies[NAME]["domain"] == "example.com"
    assert client.cookies["__client_8000"]["domain"] == ""


def test_an_origin_that_is_not_welcome_says_nothing(application, base, new_browser):
    base("https://accounts.example.com")
    stranger = new_browser(origin="http://[")
    stranger.cookies["__client_8000"] = "gone"
    stranger.cookies[NAME] = "1"
    assert stranger.get("client").status_code == 200
    assert stranger.cookies[NAME].value == "0"
