"""On a machine without a mail server, people follow the links in the local mailbox."""

from playwright.sync_api import expect

from accounts.addresses import normalise_email
from invitations.models import Invitation
from tests.browser.hands import Mouse
from tests.factories import UserFactory


def test_the_link_in_a_shown_message_leads_on(site, window):
    grace = UserFactory(admin=True, email_address="grace@example.com")
    Invitation.objects.create_pending(address=normalise_email("ada@example.com"), by=grace)
    site.deliver_to_mailbox()
    hands = Mouse(window(grace))
    hands.open("/mailbox")
    hands.page.locator(".table__link").click()
    letter = hands.page.frame_locator("iframe")
    letter.get_by_role("link", name="Accept the invitation").click()
    expect(hands.page.get_by_role("heading", name="Signed in as somebody else")).to_be_visible()
    hands.press("Sign out and continue")
    expect(hands.page.get_by_text("ada@example.com")).to_be_visible()
    expect(hands.page).to_have_url(f"{site.url}/sign-up")
