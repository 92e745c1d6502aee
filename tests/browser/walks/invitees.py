"""Pages for people who follow an invitation's link."""

from playwright.sync_api import expect

from accounts.addresses import normalise_email
from invitations.models import Invitation
from tests.browser.hands import Mouse
from tests.factories import PASSWORD


def invitees(window, site, words):
    words.name_application(home_url=f"{site.url}/account")
    olga = words.user("olga", operator=True)
    hands = Mouse(window)
    yield from _newcomer(hands, site, words, by=olga)
    yield from _member(hands, site, words, by=olga)


def _invite(words, who, *, by):
    address = words.address(who)
    Invitation.objects.create_pending(
        address=normalise_email(address), by=by, public_metadata=words.metadata
    )
    return address


def _newcomer(hands, site, words, *, by):
    hands.open(site.link_to(_invite(words, "ada", by=by)))
    yield "invited sign-up"
    hands.write("First name", words.first_name)
    hands.write("Last name", words.last_name)
    hands.write("Password", "password")
    hands.press("Show · Password")
    yield "invited sign-up with a weak password"
    hands.press("Create account")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "invited sign-up refused"
    hands.write("Password", PASSWORD)
    hands.press("Create account")
    expect(hands.page.get_by_role("heading", name="You are in")).to_be_visible()
    yield "welcome"


def _member(hands, site, words, *, by):
    """Ada is signed in and opens Ben's link. Ben already has an account by then."""
    address = _invite(words, "ben", by=by)
    link = site.link_to(address)
    words.user("ben")
    hands.open(link)
    yield "link for somebody else"
    hands.window.context.clear_cookies()
    hands.open(link)
    yield "sign-in to accept"
    hands.write("E-mail address", address)
    hands.write("Password", PASSWORD)
    hands.press("Sign in")
    expect(hands.page).to_have_url(f"{site.url}/accept-invitation")
    yield "accept as a member"
