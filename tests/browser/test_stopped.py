"""A page goes on where the browser was stopped, and a button is what it was."""

from playwright.sync_api import expect

from accounts.models import Application
from tests.browser.hands import Mouse
from tests.factories import UserFactory


def test_a_form_that_was_stopped_is_sent_again(window):
    hands = Mouse(window(UserFactory(admin=True)))
    hands.open("/settings")
    hands.write("Application name", "Acme")
    hands.page.route("**/settings", lambda route: None, times=1)  # under way for ever
    hands.page.get_by_role("button", name="Save settings").click(no_wait_after=True)
    hands.page.wait_for_timeout(200)  # for Chromium to begin what it will stop
    hands.page.context.new_cdp_session(hands.page).send("Page.stopLoading")
    expect(hands.page.locator("form[data-pending]")).to_have_count(0)
    hands.press("Save settings")
    expect(hands.page.get_by_text("The settings are saved")).to_be_visible()
    assert Application.objects.current().name == "Acme"


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
