"""However impatiently the form is used, it makes one key only."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import SecretKey
from tests.browser.hands import Mouse
from tests.factories import UserFactory


@pytest.fixture(params=[True, False], ids=["JavaScript", "no JavaScript"])
def hands(request, window):
    hands = Mouse(window(UserFactory(admin=True), javascript=request.param))
    hands.open("/keys")
    hands.follow("New key")
    hands.write("Name", "Back office")
    return hands


def heading(hands, name):
    expect(hands.page.get_by_role("heading", name=name)).to_be_visible()


def test_reload_and_back_make_no_second_key(hands):
    hands.press("Make key")
    heading(hands, "Your new key")
    hands.page.reload()
    heading(hands, "Shown once already")
    hands.page.go_back()
    hands.page.go_forward()
    heading(hands, "Shown once already")
    assert SecretKey.objects.count() == 1


def test_a_double_click_makes_one_key(hands):
    hands.page.get_by_role("button", name="Make key").dblclick()
    # Without JavaScript two posts are sent. The browser gave up the first one, but it may still show the key first.
    heading(hands, re.compile("Your new key|Shown once already"))
    assert SecretKey.objects.count() == 1


def test_who_leaves_the_dialog_while_it_is_sent_sees_the_key(window):
    hands = Mouse(window(UserFactory(admin=True)))
    hands.open("/keys")
    hands.follow("New key")
    hands.write("Name", "Back office")
    held = []
    hands.page.route("**/keys/new", lambda route: held.append(route))
    with hands.page.expect_request("**/keys/new"):  # Playwright would wait for the next page
        hands.page.get_by_role("button", name="Make key").click(no_wait_after=True)
    hands.page.keyboard.press("Escape")
    while not held:
        hands.page.wait_for_timeout(20)
    held[0].continue_()
    heading(hands, "Your new key")
    assert SecretKey.objects.count() == 1


def test_the_day_is_asked_for_only_where_one_is_chosen(hands):
    day = hands.page.get_by_label("Last day")
    expect(day).to_be_hidden()
    hands.page.get_by_label("Expires").select_option("On a day")
    expect(day).to_be_visible()


def test_revoke_names_the_key(hands):
    key, _raw = SecretKey.objects.issue(name="Night shift")
    hands.open("/keys")
    hands.follow("Revoke Night shift")
    heading(hands, f"Revoke the key Night shift (…{key.last_four})?")
    hands.press("Revoke")
    expect(hands.page.get_by_text(f"The key {key} is revoked")).to_be_visible()
