"""A watched browser of one person: it records whatever a page does that it should not do."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Error

WIDE = {"width": 1280, "height": 900}
_TIMEOUT = 20_000  # milliseconds; a busy machine is slow
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
_AT_REST = "!history.state?.dialog || !!document.querySelector('dialog[open]')"
_LOCAL_SCHEMES = {"data", "blob", "about"}


def open_window(browser, *, site, user=None, javascript=True, elsewhere=None, **context):
    """`elsewhere` is one or several URLs outside Ollio that pages may lead to."""
    options = {"viewport": WIDE, "reduced_motion": "reduce", "java_script_enabled": javascript}
    window = Window(
        browser.new_context(base_url=site.url, **{**options, **context}),
        site=site,
        elsewhere=elsewhere,
        javascript=javascript,
    )
    if user:
        window.sign_in(user)
    return window


class Window:
    def __init__(self, context, *, site, elsewhere=None, javascript=True):
        self.context = context
        self._javascript = javascript
        others = [elsewhere] if isinstance(elsewhere, str) else elsewhere or []
        self._known = tuple(f"{url}/" for url in (site.url, *others))
        self.site = site
        self.trouble = []
        self.requests = []
        self._refused = set()  # pages that answered 4xx; browsers report these on the console
        self._expected = set()  # expected refusals of calls: (status, part of the path)
        context.on("request", self._note_request)
        context.on("response", self._note_response)
        context.on("console", self._note_console)
        context.on("dialog", self._note_dialog)
        context.on("weberror", lambda error: self._note(f"error: {error.error}"))
        context.set_default_timeout(_TIMEOUT)
        self.page = context.new_page()

    def close(self):
        self.context.close()

    def open(self, path):
        """Go to a page once every dialog has closed. A closing dialog navigates back in history, and two navigations at
        once would cancel each other.
        """
        deadline = time.monotonic() + _TIMEOUT / 1000
        while not self._is_at_rest():
            assert time.monotonic() < deadline, "a dialog never closed"
            self.page.wait_for_timeout(20)
        return self.page.goto(path)

    def _is_at_rest(self):
        """Asked from outside: Playwright's own waiting uses eval in the page, which our policy forbids."""
        try:
            return not self._javascript or self.page.evaluate(_AT_REST)
        except Error:  # the page was just changing
            return False

    def sign_in(self, user):
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.site.url}
        self.context.add_cookies([cookie])

    def expect_refusal(self, status, part_of_path):
        """Allow a call of the page to be answered with this status; browsers report that on the console."""
        self._expected.add((status, part_of_path))

    def add_authenticator(self):
        """Add a virtual device with passkeys, which confirms every request."""
        devtools = self.context.new_cdp_session(self.page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})

    def _note(self, what):
        self.trouble.append(f"{urlsplit(self.page.url).path}: {what}")

    def _note_request(self, request):
        self.requests.append(request)
        is_local = urlsplit(request.url).scheme in _LOCAL_SCHEMES
        if not is_local and not request.url.startswith(self._known):
            self._note(f"left the origin: {request.url}")

    def _note_response(self, response):
        if response.status >= 500:
            self._note(f"answered {response.status}: {response.url}")
        elif response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)

    def _note_console(self, message):
        if message.type in {"error", "warning"} and not self._is_expected(message):
            self._note(f"console {message.type}: {message.text} ({message.location['url']})")

    def _is_expected(self, message):
        url = message.location["url"]
        if url in self._refused and "status of 4" in message.text:
            return True
        path = urlsplit(url).path
        return any(
            (part in path and f"status of {status} " in message.text)
            or f"Status Error Code {status} from {part}" in message.text  # htmx reports it too
            for status, part in self._expected
        )

    def _note_dialog(self, dialog):
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()
