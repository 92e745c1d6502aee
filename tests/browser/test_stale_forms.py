"""Forms in several tabs of one browser, and in a browser without cookies. No typed text is lost."""

import json

import pytest
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.models import Application, User
from invitations.models import Invitation, Ticket
from tests.browser.hands import Mouse
from tests.browser.look import complaints
from tests.browser.window import WIDE, Window
from tests.factories import PASSWORD, UserFactory

ADA, BOB = "ada@example.com", "bob@example.com"
JAVASCRIPT = pytest.mark.parametrize(
    "javascript", [True, False], ids=["JavaScript", "no JavaScript"]
)


def heading(hands, name):
    expect(hands.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def another_tab(hands):
    """Open another page in the same browser."""
    other = Mouse(hands.window)
    other.page = hands.window.context.new_page()
    other.open = other.page.goto
    return other


def sign_in(hands, address=ADA):
    hands.write("E-mail address", address)
    hands.page.get_by_label("Password", exact=True).fill(PASSWORD)
    hands.press("Sign in")


def invite(address):
    """Invite an address; return the path of the link in the mail."""
    grace = UserFactory(admin=True)
    invitation = Invitation.objects.create_pending(address=normalise_email(address), by=grace)
    return f"/v1/tickets/accept?ticket={Ticket.objects.mint(invitation, channel='mail')}"


@JAVASCRIPT
def test_who_signs_in_in_one_tab_is_told_so_in_the_other(window, javascript):
    UserFactory(email_address=ADA)
    one = Mouse(window(javascript=javascript))
    one.open("/sign-in?next=/account/password")
    other = another_tab(one)
    other.open("/sign-in")
    sign_in(other)
    expect(other.page).to_have_url(f"{other.window.site.url}/account")
    sign_in(one)
    heading(one, "You are signed in already")
    if javascript:
        assert complaints(one.window, name="signed in already") == []
    one.follow("Continue")
    expect(one.page).to_have_url(f"{one.window.site.url}/account/password")


@JAVASCRIPT
def test_who_signs_out_in_one_tab_goes_on_in_the_other(window, javascript):
    UserFactory(email_address=ADA)
    one = Mouse(window(javascript=javascript))
    one.open("/sign-up")
    one.write("E-mail address", "eve@example.com")
    one.write("First name", "Eve")
    other = another_tab(one)
    other.open("/sign-in")
    sign_in(other)
    other.open("/sign-out")
    other.press("Sign out")
    expect(other.page).to_have_url(f"{other.window.site.url}/sign-in")
    one.page.get_by_label("Password", exact=True).fill(PASSWORD)
    one.press("Continue")
    expect(one.page.get_by_text("out of date")).to_be_visible()
    expect(one.page.get_by_label("E-mail address")).to_have_value("eve@example.com")
    if javascript:
        assert complaints(one.window, name="form come back") == []
    one.page.get_by_label("Password", exact=True).fill(PASSWORD)
    one.press("Continue")
    heading(one, "Check your e-mail")


@JAVASCRIPT
def test_two_tickets_in_two_tabs_make_two_accounts(window, javascript):
    ada = Mouse(window(javascript=javascript))
    ada.open(invite(ADA))
    bob = another_tab(ada)
    bob.open(invite(BOB))
    ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.press("Create account")
    heading(ada, "You are in")
    bob.page.get_by_label("Password", exact=True).fill(PASSWORD)
    bob.press("Create account")
    heading(bob, "You are signed in already")
    bob.follow("Continue")
    heading(bob, "Signed in as somebody else")
    bob.press("Sign out and continue")
    expect(bob.page.get_by_text(BOB).first).to_be_visible()
    bob.page.get_by_label("Password", exact=True).fill(PASSWORD)
    bob.press("Create account")
    heading(bob, "You are in")
    assert User.objects.filter(email_key__in=[ADA, BOB]).count() == 2


@pytest.fixture
def without_cookies(site, browser_type, browser_type_launch_args, tmp_path):
    """A browser that refuses cookies, as its settings allow."""
    opened = []

    def open_one(*, javascript):
        folder = tmp_path / "profile"
        (folder / "Default").mkdir(parents=True)
        forbidden = {"profile": {"default_content_setting_values": {"cookies": 2}}}
        (folder / "Default" / "Preferences").write_text(json.dumps(forbidden))
        context = browser_type.launch_persistent_context(
            folder,
            base_url=site.url,
            viewport=WIDE,
            reduced_motion="reduce",
            java_script_enabled=javascript,
            **browser_type_launch_args,
        )
        opened.append(Window(context, site=site, javascript=javascript))
        return opened[-1]

    yield open_one
    for window in opened:
        assert window.context.cookies() == []
        window.close()
    assert [trouble for window in opened for trouble in window.trouble] == []


@JAVASCRIPT
@pytest.mark.parametrize("mode", ["public", "restricted"])
def test_without_cookies_the_page_after_the_link_says_so(without_cookies, mode, javascript):
    Application.objects.current()
    Application.objects.update(sign_up_mode=mode)
    hands = Mouse(without_cookies(javascript=javascript))
    path = invite(ADA)
    hands.open(path)
    heading(hands, "Cookies are needed")
    assert "olt_" not in hands.page.url
    if javascript:
        assert complaints(hands.window, name="cookies are needed") == []


@JAVASCRIPT
def test_without_cookies_a_form_says_so_and_keeps_what_was_typed(without_cookies, javascript):
    UserFactory(email_address=ADA)
    hands = Mouse(without_cookies(javascript=javascript))
    hands.open("/sign-in")
    sign_in(hands)
    expect(hands.page.get_by_text("Allow cookies for this site")).to_be_visible()
    expect(hands.page.get_by_label("E-mail address")).to_have_value(ADA)
