"""An application whose page contains only <ollio-sign-up>, with the strictest possible Content Security Policy."""

from copy import copy

import pytest
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.models import Application
from invitations.models import Invitation, Ticket
from tests.browser.hands import Mouse
from tests.factories import UserFactory

ADA = "ada@example.com"
WEAK, STRONG = "password", "seven wet penguins"
_KEYS = {"Tab", "Enter", "Control+A"}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Join</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<script {kind} src="{script}"></script>
<main><h1>Acme</h1><ollio-sign-up {attributes}></ollio-sign-up></main>"""
_POLICY = (
    "default-src 'none'; img-src data:; script-src {ollio}; connect-src {connect}; style-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LISTEN = """() => {
    window.told = [];
    for (const name of ["ollio:complete", "ollio:error"])
        document.addEventListener(name, (event) => window.told.push([name, event.detail]));
}"""


class Joining(Mouse):
    """A person who uses the component. `visit()` opens its page, `follow_mail()` follows the invitation's link."""

    def __init__(self, window, *, application):
        super().__init__(window)
        self.application = application
        for status in (400, 403, 404, 422, 429):
            window.expect_refusal(status, "")

    @property
    def component(self):
        return self.page.locator("ollio-sign-up")

    def visit(self, query=""):
        self.page.goto(f"{self.application.url}/join{query}")
        self.listen()
        expect(self.component.get_by_role("heading")).not_to_have_text("One moment…")

    def listen(self):
        self.page.evaluate(_LISTEN)

    def in_another_tab(self):
        other = copy(self)
        other.page = self.window.context.new_page()
        return other

    def types(self, *said):
        """Type texts, and press keys given by name."""
        for each in said:
            if each in _KEYS:
                self.page.keyboard.press(each)
            else:
                self.page.keyboard.type(each)

    def write(self, label, text):
        self.component.get_by_label(label, exact=True).fill(text)

    def sees(self, text):
        expect(self.component.get_by_text(text).first).to_be_visible()

    def sees_title(self, text):
        expect(self.component.get_by_role("heading", name=text)).to_be_visible()

    def has_focus(self, label):
        expect(self.component.get_by_label(label, exact=True)).to_be_focused()

    def forgets_outage(self):
        """Forget the errors that this test caused by cutting the network."""
        assert all("/__clerk/" in trouble for trouble in self.window.trouble)
        self.window.trouble.clear()

    def told(self):
        return self.page.evaluate("window.told")

    def password_in(self):
        self.write("Password", STRONG)
        self.press("Create account")


@pytest.fixture
def joining(site, settings, application, window):
    """Open the page in a new browser. `proxy` is passed to `application`, further options to `window`."""
    settings.LIMITS = {
        **settings.LIMITS,
        **dict.fromkeys(["frontend_sign_up", "code_tried", "unknown_ticket"], 10_000),
    }

    def joining(*, attributes="", kind='type="module"', proxy=False, app=None, **options):
        started = app or _start(site, application, attributes=attributes, kind=kind, proxy=proxy)
        return Joining(window(elsewhere=started.url, **options), application=started)

    return joining


def _start(site, application, *, attributes, kind, proxy):
    started = application(proxy=proxy, host="127.0.0.1" if proxy else "localhost")
    api = 'api="/__clerk"' if proxy else ""
    started.pages["/join"] = _PAGE.format(
        kind=kind, script=f"{site.url}/sign-up.js", attributes=f"{attributes} {api}"
    )
    connect = "'self'" if proxy else site.url
    started.csp = _POLICY.format(ollio=site.url, connect=connect)
    return started


def name_application(**fields):
    Application.objects.current()
    Application.objects.update(**{"name": "Acme", "support_address": "help@example.com", **fields})


def invite(**fields):
    return Invitation.objects.create_pending(
        address=normalise_email(ADA), by=UserFactory(operator=True), **fields
    )


def ticket(invitation, *, channel="mail"):
    return Ticket.objects.mint(invitation, channel=channel)


def query(raw, status="sign_up"):
    return f"?__clerk_ticket={raw}&__clerk_status={status}"
