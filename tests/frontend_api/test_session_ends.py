"""When a session ends for any reason, it ends for the application at its next request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Browser, User
from tests import conftest
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, SecretKeyFactory, UserFactory

ADA = "ada@example.com"
NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


@pytest.fixture
def session_id(browser, ada):
    """The id of a session in the application; the browser is also signed in on our pages."""
    sign_in(browser.pages)
    return browser.client()["last_active_session_id"]


@pytest.fixture
def is_over(browser, session_id):
    """Check that no session is left and that the cookies are removed."""

    def check():
        token = browser.post(f"client/sessions/{session_id}/tokens")
        touch = browser.post(f"client/sessions/{session_id}/touch")
        assert token.json()["errors"][0]["code"] == "authentication_invalid"
        told = browser.client()
        assert browser.pages.get("/account").status_code == 302
        return token.status_code == touch.status_code == 401 and told["sessions"] == []

    return check


def by_api(method, user, **said):
    headers = {"Authorization": f"Bearer {SecretKeyFactory().raw}"}
    path = f"/v1/users/{user.pk}" + ("/ban" if method == "ban" else "")
    call = {"ban": Client().post, "patch": Client().patch, "delete": Client().delete}[method]
    answer = call(path, said, content_type="application/json", headers=headers)
    assert answer.status_code == 200


def test_signing_out_on_a_hosted_page(browser, is_over):
    browser.pages.post("/sign-out")
    assert is_over()


def test_signing_out_on_the_applications_page(browser, session_id, is_over):
    browser.post(f"client/sessions/{session_id}/end")
    assert is_over()
    assert not Session.objects.exists()
    assert not Browser.objects.exists()


def test_signing_all_others_out_on_the_account_page(ada, is_over):
    elsewhere = conftest.Browser(ada)
    elsewhere.post("/account/sessions")
    assert is_over()


def test_a_ban(ada, is_over):
    ada.ban(by=None)
    assert is_over()
    ada.unban(by=None)
    assert is_over()


def test_a_ban_by_the_backend_api(ada, is_over):
    by_api("ban", ada)
    assert is_over()


def test_being_erased(ada, is_over):
    ada.erase(by=None)
    assert is_over()


def test_being_deleted_by_the_backend_api(ada, is_over):
    by_api("delete", ada)
    assert is_over()


def test_a_new_password_by_the_backend_api(ada, is_over):
    by_api("patch", ada, password=NEW)
    assert is_over()


def test_a_new_password_on_a_hosted_page_elsewhere(ada, is_over, client):
    sign_in(client)
    words = {"oldpassword": PASSWORD, "password1": NEW}
    assert client.post("/account/password", words).status_code == 302
    assert client.get("/account").status_code == 200
    assert is_over()


def test_time(browser, session_id, is_over):
    past = timezone.now() - timedelta(days=14)
    Browser.objects.update(signed_in_at=past)
    assert is_over()


def test_a_lock_ends_none(browser, session_id, ada):
    ada.lock(by=None)
    assert browser.post(f"client/sessions/{session_id}/tokens").status_code == 200


def test_a_new_password_on_a_hosted_page_keeps_this_browsers(browser, session_id, ada):
    words = {"oldpassword": PASSWORD, "password1": NEW}
    assert browser.pages.post("/account/password", words).status_code == 302
    assert browser.client()["last_active_session_id"] == session_id
    assert browser.post(f"client/sessions/{session_id}/tokens").status_code == 200


@pytest.mark.parametrize("by", ["hosted", "application"])
def test_a_session_ends_two_weeks_after_the_sign_in_used_or_not(browser, settings, ada, by):
    if by == "hosted":
        sign_in(browser.pages)
    else:
        browser.sign_in()
    [session] = browser.client()["sessions"]
    lives = session["expire_at"] - session["created_at"]
    assert lives == settings.SESSION_COOKIE_AGE * 1000
    browser.post(f"client/sessions/{session['id']}/touch")
    assert browser.client()["sessions"][0]["expire_at"] == session["expire_at"]
    assert browser.cookies["__client_8000"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_whoever_is_gone_is_nobody_and_may_come_anew(browser, session_id, is_over):
    User.objects.get().ban(by=None)
    assert is_over()
    User.objects.get().unban(by=None)
    assert browser.sign_in()
