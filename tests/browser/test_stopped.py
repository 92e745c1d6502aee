"""The user presses the browser's Stop button: the page still works, and its buttons are as before."""

import pytest
from playwright.sync_api import expect

from accounts.models import Application
from tests.browser.hands import Mouse
from tests.factories import UserFactory


@pytest.fixture
def stopped(window):
    """A person who stopped the browser while it was sending a form."""

    def stop(script=""):
        hands = Mouse(window(UserFactory(admin=True)))
        hands.page.clock.install()
        hands.page.add_init_script(script)
        hands.open("/settings")
        hands.write("Application name", "Acme")
        hands.page.route("**/settings", lambda route: None, times=1)  # never answered
        with hands.page.expect_request("**/settings"):
            hands.page.get_by_role("button", name="Save settings").click(no_wait_after=True)
        hands.page.context.new_cdp_session(hands.page).send("Page.stopLoading")
        return hands

    return stop


def sends_again(hands):
    expect(hands.page.locator("form[data-pending]")).to_have_count(0)
    hands.press("Save settings")
    expect(hands.page.get_by_text("The settings are saved")).to_be_visible()
    assert Application.objects.current().name == "Acme"


def test_a_form_that_was_stopped_is_sent_again(stopped):
    sends_again(stopped())


def test_in_a_browser_that_does_not_tell_it_is_free_after_a_while(stopped):
    hands = stopped("Object.defineProperty(window, 'navigation', { value: undefined })")
    expect(hands.page.locator("form[data-pending]")).to_have_count(1)
    hands.page.clock.run_for(10_000)
    sends_again(hands)


def test_copying_twice_leaves_the_button_as_it_was(window):
    hands = Mouse(window(UserFactory(admin=True), permissions=["clipboard-write"]))
    hands.open("/keys")
    hands.unfold("Show API URLs")
    button = hands.page.locator(".copy__button").first
    expect(button).to_have_text("Copy")
    button.click()
    expect(button).to_have_text("Copied")
    button.click()
    expect(button).to_have_text("Copied")
    expect(button).to_have_text("Copy")
