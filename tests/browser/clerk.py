"""An application that uses Clerk's unchanged packages: <SignUp/>, <SignIn/>, and a home page that shows who is
signed in.
"""

import time
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from playwright.sync_api import expect

from accounts.publishable_key import publishable_key
from tests.browser.hands import Keyboard, Mouse
from tests.browser.look import shoot

# Where the application is: on Ollio's site (another port), or on another site with a proxy.
PORT, PROXY = "another port", "another site and a proxy"
ROADS = {PORT: {}, PROXY: {"host": "127.0.0.1", "proxy": True}}
PATIENCE = 20  # seconds

PACKAGES = Path(__file__).parent.parent / "sdk/node_modules/@clerk"
_PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Other</title>
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<script defer src="/npm/clerk-js/dist/clerk.browser.js" data-clerk-publishable-key="{key}"
    data-clerk-proxy-url="{proxy_url}"></script>
<script defer src="/npm/ui/dist/ui.browser.js"></script>
<h1>Other</h1><main></main>
<script type="module">
    await Clerk.load({{
        ui: {{ClerkUI: window.__internal_ClerkUICtor}},
        appearance: {{options: {{showOptionalFields: true}}}},
        signInUrl: "/sign-in", signUpUrl: "/sign-up", afterSignOutUrl: "/",
        signInFallbackRedirectUrl: "/", signUpFallbackRedirectUrl: "/",
    }});
    const main = document.querySelector("main");
    {show}
</script>"""
_HOME = """Clerk.addListener(({user}) => {
        const address = user?.primaryEmailAddress.emailAddress;
        main.innerHTML = address ? "<p></p><button>Sign out</button>" : "<p>Nobody is signed in</p>";
        if (!address) return;
        main.firstChild.textContent = `${address} is signed in`;
        main.lastChild.onclick = () => Clerk.signOut();
    });"""
_SIGN_UP, _SIGN_IN = "Clerk.mountSignUp(main);", "Clerk.mountSignIn(main);"
# The redirect URL of invitations: the link says whether its visitor needs sign-up or sign-in.
_JOIN = f"""const status = new URLSearchParams(location.search).get("__clerk_status");
    if (status === "sign_in") {_SIGN_IN} else {_SIGN_UP}"""
_TOKEN = "async (fresh) => await Clerk.session.getToken({skipCache: fresh})"


def add_pages(application):
    application.files["/npm/"] = PACKAGES
    shown = {"/": _HOME, "/join": _JOIN, "/sign-up": _SIGN_UP, "/sign-in": _SIGN_IN}
    for path, show in shown.items():
        application.pages[path] = _PAGE.format(
            key=publishable_key(), proxy_url=application.proxy_url, show=show
        )
    return application


class Visitor(Mouse):
    """A person who uses the component. OLLIO_SHOTS gets pictures of what it shows."""

    def __init__(self, window, *, application):
        super().__init__(window)
        self.application = application

    def visit(self, path):
        self.open(f"{self.application.url}{path}")

    def choose_password(self, password, *, at="Password"):
        """The component judges the password a moment later, and then moves its button to make room for the text."""
        self.write(at, password)
        self.sees("Your password meets all the necessary requirements.")

    def write_code(self, code):
        boxes = self.page.get_by_label("Enter verification code")
        expect(boxes).to_have_value("")  # the component empties them after a wrong code
        expect(boxes).to_be_enabled()
        boxes.press_sequentially(code)

    def mailed_code(self, address):
        """Wait for the code: the component shows its card first, and asks for the code after that."""
        site, deadline = self.window.site, time.monotonic() + PATIENCE
        while not site.has_sent_code_to(address):
            assert time.monotonic() < deadline, f"no code was mailed to {address}"
            self.page.wait_for_timeout(50)
        return site.code_to(address)

    def sees_card(self, title):
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        shoot(self.page, f"clerk {title}")

    def sees(self, text):
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        shoot(self.page, f"clerk {text}")

    def is_told(self, text, *, at):
        """Check that the field with this label shows the error."""
        field = self._field(at)
        expect(field).to_have_accessible_description(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        shoot(self.page, f"clerk {text}")

    def is_home(self, address):
        expect(self.page).to_have_url(f"{self.application.url}/")
        self.sees(f"{address} is signed in" if address else "Nobody is signed in")

    def sign_out(self):
        """Clerk's packages notify the page first, and navigate home after that."""
        with self.page.expect_navigation():
            self.press("Sign out")

    def token(self, *, fresh=True):
        """Return the token, as an application's page gets it for its server."""
        return self.page.evaluate(_TOKEN, fresh)

    def asked(self, url):
        """Return the paths that this browser requested from one origin."""
        urls = [urlsplit(request.url) for request in self.window.requests]
        return [at.path for at in urls if url == f"{at.scheme}://{at.netloc}"]

    def _field(self, label):
        return self.page.get_by_label(label, exact=True)


class KeyboardVisitor(Keyboard, Visitor):
    """A person who uses the keyboard only."""


def read_token(token, *, site):
    """Verify the token with the published keys; return its claims."""
    key = jwt.PyJWKClient(f"{site.url}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["RS256"])
