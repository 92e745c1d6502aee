"""`GET /client/handshake`: a browser fetches a new token for the application's server, and returns with it."""

import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from accounts.models import SigningKey
from accounts.publishable_key import cookie_suffix, issuer
from tests.factories import UserFactory

APPLICATION = "https://app.example.com"
PAGE = f"{APPLICATION}/dashboard?tab=one"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def signed_in(browser, ada):
    browser.session = browser.sign_in()
    return browser


def shaken(answer):
    """Return the cookies that the application's server should set, by name."""
    assert answer.status_code == 307
    [token] = parse_qs(urlsplit(answer["Location"]).query)["__clerk_handshake"]
    claims = verified(token)
    assert claims["exp"] - time.time() <= 60
    cookies = SimpleCookie()
    for each in claims["handshake"]:
        cookies.load(each)
    return cookies


def verified(token):
    [jwk] = [each.public_jwk for each in SigningKey.objects.listed()]
    return jwt.decode(token, jwt.PyJWK(jwk).key, ["RS256"])


def names():
    suffix = cookie_suffix()
    return ["__client_uat", f"__client_uat_{suffix}", "__session", f"__session_{suffix}"]


def test_it_goes_back_with_a_new_token(signed_in, ada):
    cookies = shaken(signed_in.get("client/handshake", redirect_url=PAGE))
    assert sorted(cookies) == names()
    claims = verified(cookies["__session"].value)
    assert (claims["sub"], claims["sid"]) == (ada.pk, signed_in.session)
    assert (claims["azp"], claims["iss"]) == (APPLICATION, issuer())
    assert cookies["__client_uat"].value == signed_in.cookies["__client_uat"].value
    assert int(cookies["__client_uat"].value) <= claims["iat"]


def test_scripts_of_the_page_can_read_and_renew_what_is_set(signed_in):
    cookie = shaken(signed_in.get("client/handshake", redirect_url=PAGE))["__session"]
    assert (cookie["path"], cookie["samesite"], cookie["secure"]) == ("/", "Lax", True)
    assert (cookie["domain"], cookie["httponly"]) == ("", "")
    assert 0 < int(cookie["max-age"]) <= 14 * 24 * 3600


def test_all_is_cleared_where_nobody_is_signed_in(browser):
    cookies = shaken(browser.get("client/handshake", redirect_url=PAGE))
    assert sorted(cookies) == names()
    assert {each["max-age"] for each in cookies.values()} == {"0"}
    assert [cookies[name].value for name in names()] == ["0", "0", "", ""]


def test_a_banned_person_gets_no_token(signed_in, ada):
    ada.ban(by=UserFactory(admin=True))
    assert shaken(signed_in.get("client/handshake", redirect_url=PAGE))["__session"].value == ""


def test_the_page_keeps_its_query_and_loses_what_an_earlier_handshake_left(browser):
    page = f"{APPLICATION}/a%20b/?q=%C3%A9&&__clerk_handshake=old&tab=#top"
    answer = browser.get("client/handshake", redirect_url=page, __clerk_hs_reason="x")
    before, after = answer["Location"].split("&__clerk_handshake=")
    assert before == f"{APPLICATION}/a%20b/?q=%C3%A9&tab="
    assert after.endswith("#top")


def test_it_changes_nothing_and_is_not_kept(signed_in):
    answer = signed_in.get("client/handshake", redirect_url=PAGE)
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer.content == b""
    assert signed_in.client()["last_active_session_id"] == signed_in.session


def test_a_browser_that_goes_there_by_itself_names_no_origin(new_browser, ada):
    browser = new_browser()
    browser.sign_in()
    browser.origin = ""
    assert shaken(browser.get("client/handshake", redirect_url=PAGE))["__session"].value


def test_our_own_pages_are_welcome(signed_in, settings):
    answer = signed_in.get("client/handshake", redirect_url=f"{settings.BASE_URL}/account")
    assert verified(shaken(answer)["__session"].value)["azp"] == settings.BASE_URL


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "http://app.example.com/",
        "https://app.example.com:8443/",
        "https://app.example.com.evil.example/",
        "https://app.example.com@evil.example/",
        "https://app.example.com\\@evil.example/",
        "//app.example.com/",
        "/dashboard",
        "javascript:alert(1)",
        "https://[",
    ],
)
def test_nobody_is_sent_elsewhere(signed_in, refused, elsewhere):
    answer = signed_in.get("client/handshake", redirect_url=elsewhere)
    assert refused(answer) == (400, "origin_invalid", "redirect_url")
    assert "Location" not in answer


def test_it_must_be_said_where_to(signed_in, refused):
    assert refused(signed_in.get("client/handshake")) == (
        422,
        "form_param_missing",
        "redirect_url",
    )
