"""Whose sign-up it is: the browser's that began it, whatever its tabs do (T-C5)."""

import pytest

from accounts.models import SignUp, User
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import attempt, begin, begun, prepare, ticket_for

pytestmark = pytest.mark.django_db


def test_a_reload_and_a_second_tab_go_on_with_what_was_begun(browser):
    ticket = ticket_for()
    path = begun(browser, ticket=ticket, first_name="Ada")
    assert begun(browser, ticket=ticket) == path
    assert SignUp.objects.count() == 1
    browser.patch(path, password=PASSWORD)
    assert User.objects.get().first_name == "Ada"


def test_a_second_tab_may_finish_what_the_first_began(browser, refused):
    ticket = ticket_for()
    path = begun(browser, ticket=ticket)
    assert begin(browser, ticket=ticket, password=PASSWORD).json()["response"]["status"] == (
        "complete"
    )
    assert refused(browser.patch(path, password=PASSWORD)) == (400, "session_exists")


def test_two_browsers_with_two_tickets_each_make_their_own_address(new_browser):
    """T-C5."""
    browsers = {name: new_browser() for name in ("ada", "bob")}
    paths = {
        name: begun(each, ticket=ticket_for(f"{name}@example.com"))
        for name, each in browsers.items()
    }
    for name, each in browsers.items():
        each.patch(paths[name], password=f"{PASSWORD} {name}")
    for name in browsers:
        user = User.objects.get(email_address=f"{name}@example.com")
        assert user.check_password(f"{PASSWORD} {name}")


def test_of_two_tickets_in_one_browser_the_newest_goes_on(browser, refused):
    first = begun(browser, ticket=ticket_for("ada@example.com"))
    second = begun(browser, ticket=ticket_for("bob@example.com"))
    assert refused(browser.patch(first, password=PASSWORD)) == (404, "resource_not_found")
    browser.patch(second, password=PASSWORD)
    assert User.objects.get().email_address == "bob@example.com"


def test_a_form_that_says_its_ticket_makes_its_own_address_in_every_tab(browser):
    """T-C5, as Clerk's component does it."""
    ticket = ticket_for("ada@example.com")
    first = begun(browser, ticket=ticket)
    begun(browser, ticket=ticket_for("bob@example.com"))
    browser.patch(first, strategy="ticket", ticket=ticket, password=PASSWORD)
    assert User.objects.get().email_address == "ada@example.com"


def test_nobody_goes_on_with_the_sign_up_of_another_browser(browser, new_browser, refused):
    path = begun(browser, ticket=ticket_for())
    for stranger in (new_browser(), new_browser()):
        for answer in (
            stranger.patch(path, password=PASSWORD),
            prepare(stranger, path),
            attempt(stranger, path, "123456"),
        ):
            assert refused(answer) == (404, "resource_not_found")
        begin(stranger, email_address="eve@example.com")
    assert not User.objects.exists()
