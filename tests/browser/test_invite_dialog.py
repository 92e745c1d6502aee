"""The dialog goes on saying what becomes of a redirect URL, however often it is written."""

from playwright.sync_api import expect

from tests.browser.hands import Mouse
from tests.factories import UserFactory


def test_each_redirect_url_written_is_judged_anew(window):
    hands = Mouse(window(UserFactory(operator=True)))
    hands.open("/invitations")
    hands.follow("Invite user")
    hands.unfold("Redirect URL and metadata")
    note = hands.page.get_by_role("dialog").get_by_role("status")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")
    hands.write("Redirect URL", "javascript:alert(1)")
    expect(note).not_to_contain_text("Frontend API")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")
