"""The pages of a user's own account."""

from playwright.sync_api import expect

from tests.accounts.test_second_factor import current_code
from tests.browser.hands import Mouse
from tests.browser.walks.strangers import WRONG_CODE
from tests.factories import PASSWORD


def members(window, site, words):
    words.name_application()
    window.sign_in(words.user("max"))
    window.add_authenticator()
    hands = Mouse(window)
    yield from _account(hands)
    yield from _password(hands)
    yield from _address(hands, words)
    secret = yield from _app(hands)
    yield from _recovery_codes(hands, secret)
    yield from _passkeys(hands, words)
    yield from _sessions(hands)
    yield from _sign_out_and_in(hands, words)
    yield from _proof_by_code(hands, words)


def _account(hands):
    hands.open("/account")
    yield "account"
    hands.write("First name", "\u202eMax")
    hands.press("Save name")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "account refused"
    hands.write("First name", "Max")
    hands.press("Save name")
    expect(hands.page.get_by_text("Your name is saved.")).to_be_visible()
    yield "account saved"


def _password(hands):
    hands.open("/account/password")
    yield "change password"
    hands.write("Password now", "not this one")
    hands.write("New password", "1234")
    hands.press("Change password")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "change password refused"


def _address(hands, words):
    hands.open("/account/reauthenticate?next=/account/email")
    expect(hands.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    yield "is it you"
    hands.write("Password", PASSWORD)
    hands.press("Continue")
    expect(hands.page.get_by_label("New e-mail address")).to_be_visible()
    yield "change address"
    hands.write("New e-mail address", words.address("maximilian"))
    hands.press("Send code")
    expect(hands.page.get_by_label("Code")).to_be_visible()
    yield "change address code"
    hands.write("Code", WRONG_CODE)
    hands.press("Confirm address")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "change address code refused"


def _app(hands):
    hands.open("/account/second-factor")
    yield "second factor"
    hands.open("/account/second-factor/app")
    yield "authenticator app"
    hands.write("Code", WRONG_CODE)
    hands.press("Turn on")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    hands.unfold("The app has no camera")
    yield "authenticator app refused"
    secret = hands.page.locator(".copy__value").inner_text()
    hands.write("Code", current_code(secret))
    hands.press("Turn on")
    expect(hands.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return secret


def _recovery_codes(hands, secret):
    yield "recovery codes made"
    hands.follow("I have kept them")
    hands.open("/account/second-factor/codes")
    yield "recovery codes left"
    hands.follow("Make new codes")
    expect(hands.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    yield "is it you with a second factor"
    hands.write("Code", current_code(secret))
    hands.press("Continue")
    expect(hands.page.get_by_role("heading", name="Make new recovery codes")).to_be_visible()
    yield "new recovery codes"
    hands.open("/account/second-factor")
    yield "second factor on"
    hands.open("/account/second-factor/app/remove")
    yield "authenticator app off"


def _passkeys(hands, words):
    hands.open("/account/passkeys")
    yield "no passkeys"
    hands.open("/account/passkeys/new")
    yield "add passkey"
    hands.write("Name", words.key)
    hands.press("Continue")
    expect(hands.page.get_by_role("heading", name="Second factor")).to_be_visible()
    hands.open("/account/passkeys")
    yield "passkeys"
    hands.page.get_by_role("link", name="Rename").click()
    yield "rename passkey"
    hands.open("/account/passkeys")
    hands.page.get_by_role("link", name="Remove").click()
    yield "remove passkey"


def _sessions(hands):
    hands.open("/account/sessions")
    yield "signed-in browsers"
    hands.page.get_by_role("button", name="Your account:").click()
    yield "account menu open"
    hands.open("/sign-out")
    yield "sign-out"


def _sign_out_and_in(hands, words):
    hands.window.context.clear_cookies()
    hands.open("/sign-in")
    hands.write("E-mail address", words.address("max"))
    hands.write("Password", PASSWORD)
    hands.press("Sign in")
    hands.page.wait_for_url("**/sign-in/second-factor")
    yield "sign-in second step"
    hands.write("Code", WRONG_CODE)
    hands.press("Sign in")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "sign-in second step refused"
    hands.press("Use a passkey")
    hands.page.wait_for_url("**/account")


def _proof_by_code(hands, words):
    hands.window.sign_in(words.user("cody", password=None))
    hands.open("/account/reauthenticate?next=/account/email")
    expect(hands.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    yield "is it you without a password"
    hands.press("Send code")
    expect(hands.page.get_by_label("Code")).to_be_visible()
    yield "is it you by code"
    hands.write("Code", WRONG_CODE)
    hands.press("Continue")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "is it you by code refused"
