"""A real Chromium, a live server, a real SMTP server and the worker's own code. What a test may ask for:

`site`     the running Ollio: `site.url`, `site.deliver()` (the worker sends what is due), `site.mail_to(address)`,
           `site.link_to(address)` and `site.code_to(address)` (from the newest mail that arrived there).
`window`   `window()` opens a browser of its own, `window(user)` one signed in; `javascript=False` or
           `**context` as Playwright's. Every window is watched (tests/browser/window.py): an error on the
           console, a refused resource, a request to elsewhere or a dialog of the page fails the test.
           `window(elsewhere=...)` may open other sites too: one URL or several.
           `window().expect_refusal(422, "/client/sign_ups")` bears that a page's call is answered so.
`elsewhere`  somebody else's web site, which writes down what it is told (tests/browser/recorder.py).
`hands`    how a person works it: mouse, mouse without JavaScript, keyboard (tests/browser/hands.py).
`application`  `application(pages={"/": html}, ...)` starts an application on another port and origin, which
           Ollio's settings allow (tests/browser/application.py); `.url`, and `.proxy_url` for Clerk's packages.
`visitor`  `visitor(road)` is somebody before an application with Clerk's components (tests/browser/clerk.py);
           `hands=KeyboardVisitor` without a mouse, the rest as `window` takes it.

OLLIO_SHOTS=folder keeps a picture of every page that is looked at, light and dark, wide and narrow.
"""

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts import guesses
from accounts.models import Application
from tests.browser.application import running
from tests.browser.clerk import ROADS, Visitor, add_pages
from tests.browser.recorder import recorder
from tests.browser.site import Site
from tests.browser.window import open_window
from tests.faults.sink import Sink

CHROMIUM = Path("/usr/bin/chromium")
expect.set_options(timeout=20_000)  # milliseconds; a busy machine takes its time
_ENDLESS = 1_000_000


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium fonts-liberation")
    return {
        **browser_type_launch_args,
        "executable_path": str(CHROMIUM),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
        ],
    }


@pytest.fixture(scope="session")
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def site(live_server, settings, sink, tmp_path):
    """Pages and mails name the live server; mail goes to the sink by the product's own backends."""
    sink.mails.clear()
    settings.BASE_URL = live_server.url
    names = ["sending", "sign_up", "sign_in", "code_tried", *guesses.LIMITS]
    settings.LIMITS = dict.fromkeys(names, _ENDLESS)
    settings.MAILBOX_DIR = tmp_path
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MAILERS = {
        "default": {"BACKEND": "invitations.delivery.OutboxBackend"},
        "transport": {
            "BACKEND": "invitations.delivery.SMTPBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": sink.port, "timeout": 10},
        },
    }
    return Site(live_server.url, sink=sink)


@pytest.fixture
def window(site, browser):
    """Opens watched browsers; in the end none of them may have met trouble."""
    opened = []
    with ExitStack() as open_windows:

        def open_one(user=None, **options):
            window = open_window(browser, site=site, user=user, **options)
            open_windows.callback(window.close)
            opened.append(window)
            return window

        yield open_one
    assert [trouble for window in opened for trouble in window.trouble] == []


@pytest.fixture
def elsewhere():
    with recorder() as elsewhere:
        yield elsewhere


@pytest.fixture
def application(site):
    """Starts applications on origins of their own: `host` localhost or 127.0.0.1, `proxy` if it passes /__clerk on
    to Ollio, `csp` for its pages, `allowed=False` if Ollio's settings are not to know it.
    """
    Application.objects.prepare()
    with ExitStack() as applications:

        def start(pages=(), *, files=(), host="localhost", proxy=False, csp="", allowed=True):
            started = applications.enter_context(
                running(ollio=site.url, pages=pages, files=files, host=host, proxy=proxy, csp=csp)
            )
            if allowed:
                _allow(started.url)
            return started

        yield start


@pytest.fixture
def visitor(application, window):
    def sit_down(road, hands=Visitor, **options):
        started = add_pages(application(**ROADS[road]))
        return hands(window(elsewhere=started.url, **options), application=started)

    return sit_down


def _allow(origin):
    settings = Application.objects.current()
    settings.allowed_origins += [origin]
    settings.redirect_origins += [origin]
    settings.save()
