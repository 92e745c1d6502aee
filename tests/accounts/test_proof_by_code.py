"""A user without a password and without a second factor proves their identity with a mailed code."""

import time

import pytest
import time_machine

from accounts.models import Application
from tests.accounts.visiting import code_of, mails
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

WANTED = {"sign_up_mode": "restricted"}
PAGE = "/account/reauthenticate/code"
ASKED = f"{PAGE}?next=%2Fsettings%2Fmode"
NEW = "nine dry flamingos"


@pytest.fixture
def admin(db):
    """An admin who signs in with mailed codes only."""
    return Browser(UserFactory(admin=True, email_address="grace@example.com", password=None))


def page_of_code(browser):
    """Post an important change, and have the code mailed that it needs."""
    asked = browser.post("/settings/mode", WANTED)
    assert asked["Location"] == ASKED
    return browser.post(asked["Location"])["Location"]


def is_done():
    return Application.objects.current().is_restricted


def test_what_was_posted_is_done_once_the_code_was_right(admin, later):
    page = page_of_code(admin)
    assert not is_done()
    admin.post(page, {"code": code_of(mails()[-1])})
    assert is_done()


def test_the_page_says_where_the_code_goes(admin, later):
    shown = admin.get(ASKED).content.decode()
    assert "grace@example.com" in shown


def test_right_after_signing_in_nobody_is_asked(admin):
    admin.post("/settings/mode", WANTED)
    assert is_done()


def test_a_proof_is_fresh_for_fifteen_minutes(admin, later):
    admin.post(page_of_code(admin), {"code": code_of(mails()[-1])})
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        assert admin.post("/settings/mode", WANTED)["Location"] == ASKED


def test_a_wrong_code_changes_nothing(admin, later):
    page = page_of_code(admin)
    wrong = f"{(int(code_of(mails()[-1])) + 1) % 10**6:06}"
    answer = admin.post(page, {"code": wrong})
    assert "This is not the code" in answer.content.decode()
    assert not is_done()


def test_a_code_proves_nothing_twice(admin, later):
    page = page_of_code(admin)
    code = code_of(mails()[-1])
    admin.post(page, {"code": code})
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        admin.post("/settings/mode", {"sign_up_mode": "public"})
        admin.post(page, {"code": code})
    assert is_done()


def test_another_persons_code_proves_nothing(admin, later):
    """The code was mailed to another user, who was signed in in this browser before."""
    other = UserFactory(email_address="olga@example.com", password=None)
    olga = Browser(other)
    page = olga.post(PAGE)["Location"]
    code = code_of(mails()[-1])
    admin.cookies["sign-in_8000"] = olga.cookies["sign-in_8000"].value
    admin.post("/settings/mode", WANTED)
    admin.post(page, {"code": code})
    assert not is_done()
    assert admin.post("/settings/mode", WANTED)["Location"] == ASKED


def test_who_has_a_password_gives_that(admin, later):
    page = page_of_code(admin)
    admin.user.set_password(PASSWORD)
    admin.user.save()
    admin.force_login(admin.user)
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        answer = admin.post(page, {"code": code_of(mails()[-1])})
        assert answer["Location"] == "/account/reauthenticate?next=%2Fsettings%2Fmode"
        assert admin.post("/settings/mode", WANTED)["Location"] != ASKED
    assert not is_done()


def test_a_found_browser_gives_the_account_no_password(admin, later):
    said = {"password1": NEW, "password2": NEW}
    assert admin.post("/account/password/set", said)["Location"].startswith("/account/reauth")
    admin.user.refresh_from_db()
    assert not admin.user.has_usable_password()


@pytest.mark.parametrize("path", ["/account/second-factor/app", "/account/passkeys/new"])
def test_a_found_browser_gives_the_account_no_second_factor(admin, later, path):
    assert admin.get(path)["Location"].startswith(PAGE)
