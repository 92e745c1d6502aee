"""What a page of the application does while somebody signs up, in a word."""

from accounts.models import Application
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, InvitationFactory

SIGN_UPS = "client/sign_ups"
CODES = ("code_asked", "code_asked_hour", "code_asked_day", "code_tried")
PATIENT = dict.fromkeys(("frontend_sign_up", *CODES), 10**6)
LONG_AGO = "2020-01-01T00:00Z"


def ticket_for(address="ada@example.com", *, channel="mail", **fields):
    """The text of a ticket of a new invitation."""
    return Ticket.objects.mint(InvitationFactory(email_address=address, **fields), channel=channel)


def set_mode(mode):
    Application.objects.update(sign_up_mode=mode)


def begin(browser, **said):
    return browser.post(SIGN_UPS, **said)


def begun(browser, **said):
    """What the sign-up that began is called in paths."""
    return f"{SIGN_UPS}/{begin(browser, **said).json()['response']['id']}"


def by_address(browser, address="eve@example.com", password=PASSWORD, **said):
    """Begins with all that is needed, and has the code mailed."""
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
