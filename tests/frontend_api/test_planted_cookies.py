"""An attacker knows a browser's cookie. The cookie is worth nothing once that browser starts, continues or signs in."""

import pytest

from accounts.models import SignIn, User
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api import signing_up
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code, path_of

BROKEN = ["x", "a" * 32, "'", "../../x", "\u0001", '"', "a" * 5000, "abcdefgh\0ijkl"]
NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


@pytest.fixture
def planted(browser, new_browser):
    """The attacker's browser, whose cookies are now in the victim's browser."""
    eve = new_browser()
    begin(eve, "eve@example.com")
    plant(browser, eve=eve)
    return eve


def plant(browser, *, eve):
    browser.cookies["__client_8000"] = eve.cookies["__client_8000"].value


def test_a_planted_cookie_is_anonymous_after_a_sign_in(browser, planted, ada):
    former = browser.cookies["__client_8000"].value
    assert browser.sign_in()
    assert planted.client()["sessions"] == []
    assert planted.pages.get("/account").status_code == 302
    assert former != browser.cookies["__client_8000"].value


def test_a_planted_cookie_is_anonymous_after_a_sign_in_on_a_hosted_page(browser, planted, ada):
    sign_in(browser.pages)
    assert browser.client()["sessions"]
    assert planted.client()["sessions"] == []


def test_a_planted_cookie_does_not_see_what_is_begun(browser, planted, ada):
    begin(browser)
    assert planted.client()["sign_in"] is None
    browser.cookies["__client_8000"] = planted.cookies["__client_8000"].value
    browser.post("client/sign_ups", email_address="ada@second.example")
    assert planted.client()["sign_up"] is None


def test_a_planted_cookie_cannot_choose_the_password(browser, planted, refused, ada):
    begun = begin(browser, strategy="reset_password_email_code")
    attempt(browser, begun, "reset_password_email_code", code=newest_code())
    answer = planted.post(path_of(begun, "reset_password"), password=NEW)
    assert refused(answer) == (404, "resource_not_found")


def test_whoever_goes_on_with_a_planted_sign_up_has_it_alone(browser, new_browser, refused):
    """Eve starts the sign-up; her victim enters their own address."""
    eve = new_browser()
    path = signing_up.begun(eve, email_address="eve@example.com")
    plant(browser, eve=eve)
    browser.patch(path, email_address=ADA, password=PASSWORD)
    signing_up.prepare(browser, path)
    assert refused(eve.patch(path, password=NEW)) == (404, "resource_not_found")
    signing_up.attempt(browser, path, newest_code())
    assert User.objects.get().check_password(PASSWORD)


def test_whoever_opens_a_planted_link_has_the_sign_up_alone(browser, new_browser, refused):
    eve, ticket = new_browser(), signing_up.ticket_for(ADA, channel="shared")
    path = signing_up.begun(eve, ticket=ticket)
    plant(browser, eve=eve)
    assert signing_up.begun(browser, ticket=ticket, password=PASSWORD) == path
    assert refused(eve.patch(path, password=NEW)) == (404, "resource_not_found")


def test_whoever_proves_the_address_of_a_planted_sign_up_has_it_alone(browser, new_browser):
    eve = new_browser()
    path = signing_up.begun(eve, email_address=ADA)
    signing_up.prepare(eve, path)
    plant(browser, eve=eve)
    signing_up.attempt(browser, path, newest_code())
    eve.patch(path, password=NEW)
    assert not User.objects.exists()
    browser.patch(path, password=PASSWORD)
    assert eve.client()["sessions"] == []
    assert browser.client()["sessions"]


def test_whoever_types_the_code_of_a_planted_reset_chooses_the_password(browser, new_browser, ada):
    eve = new_browser()
    begun = begin(eve, strategy="reset_password_email_code")
    plant(browser, eve=eve)
    attempt(browser, begun, "reset_password_email_code", code=newest_code())
    eve.post(path_of(begun, "reset_password"), password=NEW)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_the_secret_is_new_after_each_step_that_counts(browser, ada):
    seen = []
    for step in (lambda: begin(browser), browser.sign_in):
        step()
        seen.append(browser.cookies["__client_8000"].value)
    browser.delete("client")
    browser.sign_in()
    assert len({*seen, browser.cookies["__client_8000"].value}) == 3


@pytest.mark.parametrize("by", ["hosted", "application"])
def test_each_cookie_opens_its_own_door_only(browser, new_browser, ada, by):
    sign_in(browser.pages) if by == "hosted" else browser.sign_in()
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    swapped = new_browser()
    swapped.cookies["ollio_session_8000"] = cookies["__client_8000"]
    swapped.cookies["__client_8000"] = cookies.get("ollio_session_8000", "")
    assert swapped.pages.get("/account").status_code == 302
    assert swapped.client()["sessions"] == []


@pytest.mark.parametrize("value", BROKEN)
def test_a_broken_cookie_is_of_nobody(browser, value, ada):
    browser.cookies["__client_8000"] = value
    assert browser.client()["sessions"] == []
    browser.cookies["__client_8000"] = value
    assert browser.sign_in()


def test_looking_signs_nobody_in(browser, ada):
    for path in ("client", "client/sign_ins", "me", "environment"):
        browser.get(path, identifier=ADA, password=PASSWORD, strategy="password")
        browser.get(path, _method="POST", identifier=ADA, password=PASSWORD)
    assert browser.client()["sessions"] == []
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_out_of_reach_for_scripts_and_other_sites(browser, settings, secure, ada):
    settings.SESSION_COOKIE_SECURE = settings.SECURE = secure
    settings.SESSION_COOKIE_NAME = "__Host-ollio_session_8000" if secure else "ollio_session_8000"
    sign_in(browser.pages)
    for name in ("__client_8000", settings.SESSION_COOKIE_NAME):
        cookie = browser.cookies[name]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
        assert bool(cookie["secure"]) is secure
        assert cookie["max-age"] == pytest.approx(settings.SESSION_COOKIE_AGE, abs=2)
