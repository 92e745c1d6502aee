"""Helpers for the steps of a sign-up on an application's page."""

from accounts.models import Application
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, InvitationFactory

SIGN_UPS = "client/sign_ups"
CODES = ("code_asked", "code_asked_hour", "code_asked_day", "code_tried")
PATIENT = dict.fromkeys(("frontend_sign_up", *CODES), 10**6)
LONG_AGO = "2020-01-01T00:00Z"


def ticket_for(address="ada@example.com", *, channel="mail", **fields):
    """Create an invitation; return the text of its ticket."""
    return Ticket.objects.mint(InvitationFactory(email_address=address, **fields), channel=channel)


def set_mode(mode):
    Application.objects.update(sign_up_mode=mode)


def begin(browser, **said):
    return browser.post(SIGN_UPS, **said)


def begun(browser, **said):
    """Start a sign-up; return its path."""
    return f"{SIGN_UPS}/{begin(browser, **said).json()['response']['id']}"


def by_address(browser, address="eve@example.com", password=PASSWORD, **said):
    """Start a sign-up with all that it needs, and have the code mailed; return its path."""
    path = begun(browser, email_address=address, password=password, **said)
    prepare(browser, path)
    return path


def prepare(browser, path):
    return browser.post(f"{path}/prepare_verification", strategy="email_code")


def attempt(browser, path, code):
    return browser.post(f"{path}/attempt_verification", strategy="email_code", code=code)


def mailed_code():
    return code_of(mails()[-1])


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def expire():
    Invitation.objects.update(created_at=LONG_AGO, expires_at="2020-01-31T00:00Z")
