"""The HTML snippets of the dashboard, copied into a page of an application."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from accounts.snippets import snippets
from tests.browser.clerk import PACKAGES
from tests.browser.hands import Mouse
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import ticket_for

HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Join</title>'
OWN, CLERKS = 0, 1  # in the order of the dashboard


@pytest.fixture
def join(application, window):
    """Open the page with a snippet and a ticket."""

    def join(which):
        [(_title, parts)] = [group for group in snippets() if group[0] == "HTML"]
        pages = {"/join": HEAD + parts[which][1], "/welcome": HEAD, "/": HEAD}
        started = application(pages)
        started.files["/clerk-js/"] = PACKAGES / "clerk-js" / "dist"
        started.files["/clerk-ui/"] = PACKAGES / "ui" / "dist"
        ada = Mouse(window(elsewhere=started.url))
        ada.page.goto(f"{started.url}/join?__clerk_ticket={ticket_for()}")
        return ada

    return join


@pytest.mark.parametrize(("which", "button"), [(OWN, "Create account"), (CLERKS, "Continue")])
def test_it_signs_an_invited_person_up(site, join, which, button):
    ada = join(which)
    password = ada.page.get_by_role("textbox", name="Password")
    password.fill(PASSWORD)
    if which == CLERKS:
        expect(ada.page.get_by_text("meets all the necessary").first).to_be_visible()
    with ada.page.expect_navigation():
        ada.press(button)
    assert User.objects.get().check_password(PASSWORD)
