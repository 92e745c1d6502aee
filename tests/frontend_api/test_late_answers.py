"""A page sends several requests at once, and each step changes the cookie. A late response to the former cookie takes
nothing away from the browser.
"""

import pytest

from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA, begin
from tests.frontend_api.signing_up import begun, ticket_for

KEPT = ("__client_8000", "__client_uat")


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


@pytest.fixture
def asked(browser, new_browser):
    """`take = asked(path)` sends a request now; `take()` gives its response to the browser later."""

    def ask(path):
        at_once = new_browser()
        for name in KEPT:
            if name in browser.cookies:
                at_once.cookies[name] = browser.cookies[name].value

        def take_late_answer():
            for name, cookie in at_once.get(path).cookies.items():
                browser.cookies[name] = cookie.value

        return take_late_answer

    return ask


@pytest.mark.parametrize("path", ["client", "environment"])
def test_it_does_not_sign_out(browser, asked, ada, path):
    begin(browser)
    take_late_answer = asked(path)
    assert browser.sign_in()
    take_late_answer()
    assert browser.client()["sessions"]


def test_it_does_not_lose_a_sign_up(browser, asked, ada):
    begun(browser, email_address="eve@example.com")
    take_late_answer = asked("client")
    begun(browser, ticket=ticket_for("bob@example.com"))
    take_late_answer()
    assert browser.client()["sign_up"]["email_address"] == "bob@example.com"


def test_signing_out_takes_the_cookies_away_all_the_same(browser, ada):
    browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    browser.delete("client")
    assert browser.cookies["__client_8000"].value == ""
