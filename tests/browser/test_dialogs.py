"""The dialog bears how people work it: impatiently, and changing their minds."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Mouse
from tests.factories import UserFactory


@pytest.fixture
def hands(window):
    hands = Mouse(window(UserFactory(operator=True)))
    hands.open("/invitations")
    return hands


def test_each_redirect_url_written_is_judged_anew(hands):
    hands.follow("Invite user")
    hands.unfold("Redirect URL and metadata")
    note = hands.page.get_by_role("dialog").get_by_role("status")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")
    hands.write("Redirect URL", "javascript:alert(1)")
    expect(note).not_to_contain_text("Frontend API")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")


def test_a_double_click_opens_one_dialog(hands):
    hands.page.get_by_role("link", name="Invite user", exact=True).first.dblclick()
    hands.page.wait_for_load_state("networkidle")
    expect(hands.page.get_by_role("dialog")).to_have_count(1)
    hands.write("E-mail address", "ada@example.com")
    hands.press("Send invite")
    expect(hands.page.get_by_text("is on its way")).to_be_visible()
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
