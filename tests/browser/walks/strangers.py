"""Pages for people who are not signed in."""

import re
from io import StringIO

from django.core.management import call_command
from playwright.sync_api import expect

from accounts.models import Application
from tests.browser.hands import Mouse
from tests.factories import PASSWORD

WRONG_CODE = "000000"


def set_up_address():
    printed = StringIO()
    call_command("prepare", stdout=printed)
    return re.search(r"http\S+/setup\?code=\S+", printed.getvalue()).group()


def newcomers(window, _site, _words):
    """An empty installation."""
    hands = Mouse(window)
    hands.open("/setup")
    yield "set-up without its code"
    hands.open(set_up_address())
    yield "set-up"
    hands.write("Password", "password")
    hands.press("Create admin account")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "set-up refused"


def strangers(window, site, words):
    words.name_application()
    words.user("max")
    hands = Mouse(window)
    yield from _sign_in(hands, words)
    yield from _sign_up(hands, words)
    yield from _sign_in_with_a_code(hands, site, words)
    yield from _forgotten_password(hands, site, words)
    yield from _dead_ends(hands)
    Application.objects.update(sign_up_mode="restricted")
    yield from _restricted(hands)


def _sign_in(hands, words):
    hands.open("/sign-in")
    yield "sign-in"
    hands.write("E-mail address", words.address("max"))
    hands.write("Password", "not this one")
    hands.press("Sign in")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "sign-in refused"
    hands.open("/sign-in/inactive")
    yield "account closed"


def _sign_up(hands, words):
    hands.open("/sign-up")
    yield "sign-up"
    hands.write("E-mail address", "nobody")
    hands.write("Password", "password")
    yield "sign-up with a weak password"
    hands.press("Continue")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "sign-up refused"
    hands.write("E-mail address", words.address("eve"))
    hands.write("Password", PASSWORD)
    hands.press("Continue")
    expect(hands.page.get_by_label("Code")).to_be_visible()
    yield "sign-up code"
    hands.write("Code", WRONG_CODE)
    hands.press("Create account")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "sign-up code refused"
    hands.press("Send a new code")
    yield "sign-up code again"


def _sign_in_with_a_code(hands, site, words):
    hands.open("/sign-in")
    hands.page.get_by_role("link", name="Use a code from your e-mail").click()
    expect(hands.page.get_by_role("heading", name="Sign in with a code")).to_be_visible()
    yield "sign-in with a code"
    hands.write("E-mail address", words.address("max"))
    hands.press("Send code")
    expect(hands.page.get_by_label("Code")).to_be_visible()
    yield "sign-in code"
    hands.write("Code", WRONG_CODE)
    hands.press("Sign in")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "sign-in code refused"
    hands.write("Code", site.code_to(words.address("max")))
    hands.press("Sign in")
    hands.page.wait_for_url("**/account")
    hands.window.context.clear_cookies()


def _forgotten_password(hands, site, words):
    hands.open("/password/reset")
    yield "forgotten password"
    hands.write("E-mail address", words.address("max"))
    hands.press("Send code")
    expect(hands.page.get_by_label("Code")).to_be_visible()
    yield "forgotten password code"
    hands.write("Code", WRONG_CODE)
    hands.press("Continue")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "forgotten password code refused"
    hands.write("Code", site.code_to(words.address("max")))
    hands.press("Continue")
    expect(hands.page.get_by_label("New password")).to_be_visible()
    yield "new password"
    hands.write("New password", "another wet penguin")
    hands.press("Save password")
    expect(hands.page.get_by_text("Your password is changed.")).to_be_visible()
    yield "new password saved"
    hands.window.context.clear_cookies()


def _dead_ends(hands):
    hands.open("/no-such-page")
    yield "nothing here"
    hands.open("/v1/tickets/accept?ticket=olt_unknown")
    yield "link unknown"
    for notice in ("expired", "revoked"):
        hands.open(f"/sign-up?notice=invitation_{notice}")
        yield f"link {notice}"
    hands.open("/sign-in?notice=invitation_accepted")
    yield "link accepted"


def _restricted(hands):
    hands.open("/sign-up")
    yield "restricted sign-up"
    hands.open("/sign-up?notice=invitation_expired")
    yield "restricted link expired"
    hands.open("/sign-in")
    yield "restricted sign-in"
