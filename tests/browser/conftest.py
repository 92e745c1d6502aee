"""A real Chromium, a live server, a real SMTP server and the worker's own code. Fixtures of the tests here:

`site`     the running Ollio: `site.url`, `site.deliver()` (the worker sends what is due), `site.mail_to(address)`,
           `site.link_to(address)` and `site.code_to(address)` (from the newest mail to that address).
`window`   `window()` opens a new browser, `window(user)` a signed-in one; `javascript=False` and `**context` as
           in Playwright. Every window is watched (tests/browser/window.py): an error on the console, a refused
           resource, a request to another site or a dialog of the page fails the test.
           `window(elsewhere=...)` may open other sites too: one URL or several.
           `window().expect_refusal(422, "/client/sign_ups")` allows this answer to a call of the page.
`elsewhere`  another web site, which records the requests that it gets (tests/browser/recorder.py).
`hands`    ways to use a page: mouse, mouse without JavaScript, keyboard (tests/browser/hands.py).
`application`  `application(pages={"/": html}, ...)` starts an application on another port and origin, which
           Ollio's settings allow (tests/browser/application.py); `.url`, and `.proxy_url` for Clerk's packages.
`visitor`  `visitor(road)` is a person on an application's page with Clerk's components (tests/browser/clerk.py);
           `hands=KeyboardVisitor` uses no mouse; further options go to `window`.

OLLIO_SHOTS=folder keeps a picture of every page that is checked, light and dark, wide and narrow.
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
expect.set_options(timeout=20_000)  # milliseconds; a busy machine is slow
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
    """Pages and mails use the live server's URL; the product's own mail backends send to the sink."""
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
    """Open watched browsers; fail at the end if one of them saw an error."""
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
    """Start applications on their own origins. `host` is localhost or 127.0.0.1; `proxy=True` proxies /__clerk to
    Ollio; `csp` is the policy of its pages; with `allowed=False` Ollio's settings do not list the origin.
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
