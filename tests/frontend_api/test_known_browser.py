"""The hosted pages and the Frontend API both recognise a known browser: on one host they read the same cookie."""

import pytest

from accounts.models import KnownDevice
from tests.accounts.visiting import mails, sign_in
from tests.factories import UserFactory
from tests.frontend_api.signing_in import attempt, begin, newest_code
from tests.frontend_api.signing_up import ticket_for

ADA, COOKIE = "ada@example.com", "known-browser_8000"
TOLD = "New sign-in to your account at Ollio"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def test_a_sign_in_by_a_page_of_the_application_makes_the_account_known(ada, browser):
    browser.sign_in()
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
    assert KnownDevice.objects.get().user == ada


def test_so_does_a_mailed_code(ada, browser):
    begun = begin(browser, strategy="email_code")
    attempt(browser, begun, code=newest_code())
    assert KnownDevice.objects.get().user == ada


def test_so_does_a_sign_up(browser):
    browser.post(
        "client/sign_ups", strategy="ticket", ticket=ticket_for(), password="seven wet penguins"
    )
    assert KnownDevice.objects.count() == 1
    assert COOKIE in browser.cookies


def test_a_step_on_the_way_makes_nothing_known(ada, browser):
    begin(browser)
    begin(browser, password="wrong password")
    assert COOKIE not in browser.cookies


def test_a_new_browser_is_told_at_this_door_too(ada, browser, new_browser):
    browser.sign_in()
    assert mails() == []
    new_browser().sign_in()
    assert [mail.subject for mail in mails()] == [TOLD]


def test_one_browser_is_one_to_both_doors(ada, browser):
    browser.sign_in()
    browser.delete("client/sessions")
    sign_in(browser.pages)
    browser.delete("client/sessions")
    browser.sign_in()
    assert KnownDevice.objects.count() == 1
    assert mails() == []
