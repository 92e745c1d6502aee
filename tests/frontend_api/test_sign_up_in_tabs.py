"""A sign-up belongs to the browser that started it, whatever its tabs do."""

import pytest

from accounts.models import SignUp, User
from invitations.models import Invitation, Ticket
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import (
    PATIENT,
    attempt,
    begin,
    begun,
    by_address,
    mailed_code,
    prepare,
    ticket_for,
)

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


@pytest.mark.parametrize("tab", ["ada", "bob"])
def test_of_two_tabs_with_two_tickets_each_makes_its_own_address(browser, tab):
    paths = {
        name: begun(browser, ticket=ticket_for(f"{name}@example.com")) for name in ("ada", "bob")
    }
    browser.patch(paths[tab], password=PASSWORD)
    assert User.objects.get().email_address == f"{tab}@example.com"


def test_a_ticket_said_along_decides_which_sign_up_is_meant(browser):
    """In every tab, Clerk's component sends the id of the newest sign-up, and the tab's own ticket."""
    ticket = ticket_for("ada@example.com")
    begun(browser, ticket=ticket)
    newest = begun(browser, ticket=ticket_for("bob@example.com"))
    browser.patch(newest, strategy="ticket", ticket=ticket, password=PASSWORD)
    assert User.objects.get().email_address == "ada@example.com"


def test_a_second_mail_of_an_invitation_goes_on_with_what_the_first_began(browser):
    path = begun(browser, ticket=ticket_for("ada@example.com"))
    second = Ticket.objects.mint(Invitation.objects.get(), channel="mail")
    assert begun(browser, ticket=second, first_name="Ada") == path
    browser.patch(path, password=PASSWORD)
    assert User.objects.get().first_name == "Ada"


def test_a_mailed_link_after_a_shared_one_needs_no_code(browser):
    shared = begun(browser, ticket=ticket_for("ada@example.com", channel="shared"))
    mailed = Ticket.objects.mint(Invitation.objects.get(), channel="mail")
    told = begin(browser, ticket=mailed).json()["response"]
    assert not shared.endswith(told["id"])
    assert told["unverified_fields"] == []


def test_a_code_that_is_under_way_outlives_a_ticket_in_another_tab(browser):
    path = by_address(browser, "eve@example.com")
    code = mailed_code()
    begun(browser, ticket=ticket_for("ada@example.com"))
    assert attempt(browser, path, code).json()["response"]["status"] == "complete"
    assert User.objects.get().email_address == "eve@example.com"


def test_what_was_gone_on_with_last_is_what_a_reload_shows(browser):
    first = begun(browser, ticket=ticket_for("ada@example.com"))
    begun(browser, ticket=ticket_for("bob@example.com"))
    browser.patch(first, first_name="Ada")
    assert browser.client()["sign_up"]["email_address"] == "ada@example.com"


def test_a_browser_remembers_five_sign_ups(browser, refused, settings):
    settings.LIMITS = PATIENT
    paths = [begun(browser, email_address=f"eve{number}@example.com") for number in range(6)]
    assert refused(browser.patch(paths[0], first_name="Eve")) == (404, "resource_not_found")
    assert browser.patch(paths[1], first_name="Eve").status_code == 200


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
