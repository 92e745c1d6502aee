"""Pages that only admins see: keys and settings."""

from datetime import timedelta

import structlog
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.audit_words import SENTENCES
from accounts.models import Application, SecretKey, User
from config import audit
from config.audit import TRACED
from config.database import now
from invitations.models import Invitation
from tests.accounts.test_second_factor import SECRET
from tests.browser.hands import Mouse


def admins(window, site, words):
    words.name_application()
    grace = words.user("grace", admin=True)
    olga = words.user("olga", operator=True)
    window.sign_in(grace)
    hands = Mouse(window)
    yield from _keys(hands, words)
    yield from _settings(hands)
    yield from _operators(hands)
    yield from _audit_log(hands, words)
    yield from _mailbox(hands, site, words, by=grace)
    yield from _restricted(hands)
    yield from _second_factor(hands, lost_by=olga)


def _keys(hands, words):
    hands.open("/keys")
    yield "no keys"
    yield from _new_key(hands, words)
    SecretKey.objects.issue(name="Over", by=None, scope="read_only", expires_in_days=-1)
    SecretKey.objects.issue(name="By command", by=None)
    hands.open("/keys")
    yield "keys"
    hands.unfold("Show API URLs")
    yield "API URLs"
    for name in ("HTML", "React", "Next.js"):
        hands.page.get_by_text(name, exact=True).click()
        yield f"snippets for {name}"
    hands.page.get_by_role("link", name="Revoke").last.click()
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "revoke key dialog"
    hands.press("Revoke")
    hands.open("/keys")
    yield "keys with one revoked"


def _new_key(hands, words):
    hands.follow("New key")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "new key dialog"
    hands.open("/keys/new")
    yield "new key page"
    hands.press("Make key")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "new key refused"
    hands.write("Name", words.key)
    hands.page.get_by_label("Expires").select_option("On a day")
    expect(hands.page.get_by_label("Last day")).to_be_visible()
    yield "new key for a time"
    hands.page.get_by_label("Expires").select_option("In 90 days")
    hands.press("Make key")
    expect(hands.page.get_by_role("heading", name="Your new key")).to_be_visible()
    yield "new key shown once"
    hands.page.reload()
    expect(hands.page.get_by_role("heading", name="Shown once already")).to_be_visible()
    yield "new key not shown again"


def _settings(hands):
    hands.open("/settings")
    yield "settings"
    hands.write("Home URL", "javascript:alert(1)")
    hands.press("Save settings")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "settings refused"
    hands.write("Allowed origins", "app.example.com\nhttps://app.example.com/path")
    hands.press("Save settings")
    expect(hands.page.get_by_text("The scheme is missing").first).to_be_visible()
    yield "settings with two wrong origins"
    hands.write("Allowed origins", "https://app.example.com")
    hands.write("Home URL", "https://app.example.com/")
    hands.write("Redirect origins", "https://app.example.com")
    hands.press("Save settings")
    expect(hands.page.get_by_text("The settings are saved")).to_be_visible()
    yield "settings saved"


def _operators(hands):
    hands.open("/settings/operators")
    yield "operators"
    hands.write("E-mail address", "nobody@example.com")
    hands.press("Add")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "operators refused"
    hands.page.get_by_role("link", name="Change").last.click()
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "operator's role"


def _audit_log(hands, words):
    with structlog.contextvars.bound_contextvars(ip="2001:db8:85a3::8a2e:370:7334"):
        for kind in SENTENCES.keys() & TRACED.keys():
            audit.trace(kind, address=words.address("eve"), how="webauthn")
        audit.trace("wrong_password", address="seven wet penguins")
        audit.trace("wrong_password", address="seven wet penguins")
    hands.open("/settings/audit-log")
    yield "audit log"
    hands.page.get_by_label("Kind").select_option("Keys, roles and settings")
    hands.press("Show")
    yield "audit log of one kind"
    hands.write("Person", "nobody")
    hands.press("Show")
    expect(hands.page.get_by_text("Correct what is marked")).to_be_visible()
    yield "audit log refused"
    hands.write("Person", "nobody@example.com")
    hands.press("Show")
    expect(hands.page.get_by_text("Nothing of that kind")).to_be_visible()
    yield "audit log of nobody"


def _mailbox(hands, site, words, *, by):
    hands.open("/mailbox")
    yield "mailbox empty"
    Invitation.objects.create_pending(address=normalise_email(words.address("ada")), by=by)
    site.deliver_to_mailbox()
    hands.open("/mailbox")
    yield "mailbox"
    hands.page.locator(".table__link").first.click()
    hands.page.wait_for_load_state("networkidle")
    yield "mailbox message"
    hands.unfold("Headers")
    yield "mailbox message with headers"


def _restricted(hands):
    hands.open("/settings")
    hands.choose("Restricted")
    hands.press("Change the mode")
    expect(hands.page.get_by_text("Only people with an invitation")).to_be_visible()
    yield "settings restricted"
    hands.open("/invitations")
    yield "invitations in restricted mode"


def _second_factor(hands, *, lost_by):
    TOTP.activate(lost_by, SECRET)
    hands.open(f"/users/{lost_by.pk}")
    yield "user with a second factor"
    hands.follow("Reset second factor")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "reset second factor dialog"
    hands.press("Reset second factor")
    expect(hands.page.get_by_text("has no second factor any more")).to_be_visible()
    hands.open("/settings")
    hands.choose("Required")
    hands.write("Days to add one", "15")
    hands.press("Save the rule")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    yield "settings with too long a time for a second factor"
    hands.write("Days to add one", "7")
    hands.press("Save the rule")
    expect(hands.page.get_by_text("Operators need a second factor now")).to_be_visible()
    yield "settings with a second factor required"
    hands.open("/users")
    yield "users with a second factor due"
    hands.open("/account/second-factor")
    yield "second factor due"
    Application.objects.update(second_factor_required_at=now() - timedelta(days=9))
    User.objects.update(operator_since=None)
    hands.open("/users")
    expect(hands.page.get_by_text("Add a second factor to go on")).to_be_visible()
    yield "second factor overdue"
