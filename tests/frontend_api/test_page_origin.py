"""Which page a token is for (`azp`) if the browser sends no `Origin`: it sends none with a GET to the page's own host,
for example behind the application's proxy.
"""

import jwt
import pytest

from accounts.models import Browser
from config.clients import read_proxies
from tests.factories import UserFactory
from tests.frontend_api.conftest import APPLICATION

ADA = "ada@example.com"
OURS = "http://localhost:8000"
OTHER = "https://other.example.com"
EVIL = "https://evil.example"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ada(browser, application):
    """Ada's browser, signed in on a page of the application, which then calls its own proxy. A second origin is
    allowed, too.
    """
    application.allowed_origins = [APPLICATION, OTHER]
    application.save()
    UserFactory(email_address=ADA)
    browser.session_id = browser.sign_in()
    browser.origin = ""
    return browser


def azp(browser, **headers):
    """Return the `azp` of the token that the browser reads, or None without a token."""
    answer = browser.get("client", headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer
    [session] = answer.json()["response"]["sessions"]
    token = session["last_active_token"]
    return token and jwt.decode(token["jwt"], options={"verify_signature": False})["azp"]


def forget_the_page(value=""):
    Browser.objects.update(origin=value)


@pytest.fixture
def proxied(settings):
    """The application's server is configured as a trusted proxy."""
    settings.APPLICATION_PROXIES = read_proxies(["127.0.0.0/8"])
    return settings


@pytest.mark.parametrize("page", [APPLICATION, OTHER, OURS])
def test_the_referer_of_a_page_that_asks_its_own_host_names_it(ada, page):
    assert azp(ada, Referer=f"{page}/dashboard?tab=one", **SAME) == page


def test_a_page_without_referrer_is_the_one_that_changed_something_last(ada):
    assert azp(ada) == azp(ada, **SAME) == APPLICATION
    ada.origin = OTHER
    ada.post(f"client/sessions/{ada.session_id}/touch")
    ada.origin = ""
    assert azp(ada) == azp(ada, **SAME) == OTHER


def test_reading_with_an_origin_is_no_change(ada):
    ada.get("client", headers={"Origin": OTHER})
    assert azp(ada, **SAME) == APPLICATION


def test_an_origin_that_is_said_counts_before_all_else(ada):
    headers = {"Origin": OTHER, "Referer": f"{APPLICATION}/", **SAME}
    [session] = ada.get("client", headers=headers).json()["response"]["sessions"]
    token = session["last_active_token"]["jwt"]
    assert jwt.decode(token, options={"verify_signature": False})["azp"] == OTHER
    for stranger in (EVIL, "null"):
        [session] = ada.get("client", headers={"Origin": stranger, **SAME}).json()["response"][
            "sessions"
        ]
        assert session["last_active_token"] is None


@pytest.mark.parametrize(
    "referer",
    [
        f"{EVIL}/",
        f"{APPLICATION}.evil.example/",
        f"{APPLICATION}:444/",
        f"{EVIL}/?{APPLICATION}/",
        "https://app.example.com@evil.example/",
        "app.example.com",
        "about:blank",
        "//",
        "\\",
    ],
)
def test_a_stranger_by_referer_gets_no_token(ada, referer):
    assert azp(ada, Referer=referer, **SAME) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "x"])
def test_only_a_page_that_asks_its_own_host_is_named_for_it(ada, site):
    named = {"Referer": f"{APPLICATION}/", "X_Forwarded_Host": "app.example.com"}
    assert azp(ada, Sec_Fetch_Site=site, **named) is None


def test_a_referer_alone_names_nobody(ada):
    """Without Sec-Fetch-Site we cannot tell whether the page has the host that it calls."""
    assert azp(ada, Referer=f"{OTHER}/") == APPLICATION


@pytest.mark.parametrize(
    "said",
    [
        {"X-Forwarded-Host": "other.example.com", "X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "other.example.com"},
        {
            "X-Forwarded-Host": "other.example.com, localhost:8000",
            "X-Forwarded-Proto": "https, http",
        },
        {"Clerk-Proxy-Url": f"{OTHER}/__clerk"},
    ],
)
def test_the_applications_proxy_names_it(ada, proxied, said):
    assert azp(ada, **said) == OTHER
    forget_the_page()
    assert azp(ada, **said, **SAME) == OTHER
    forget_the_page(OURS)  # as after a sign-in on a hosted page of the same host
    assert azp(ada, **said, **SAME) == OTHER


def test_a_proxy_in_front_of_ollio_is_believed_as_well(ada, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert azp(ada, X_Forwarded_Host="other.example.com") == OTHER


def test_a_proxy_that_nobody_knows_is_not_believed(ada):
    said = {"X_Forwarded_Host": "other.example.com", "Clerk_Proxy_Url": f"{OTHER}/__clerk"}
    assert azp(ada, **said) == APPLICATION
    forget_the_page()
    assert azp(ada, **said) is None


def test_a_page_cannot_pass_for_another_by_headers_of_a_proxy(ada, proxied):
    """Scripts can set these headers, and the application's proxy may pass them on."""
    said = {"X_Forwarded_Host": "other.example.com", "Clerk_Proxy_Url": f"{OTHER}/__clerk"}
    assert azp(ada, **said, **SAME) == APPLICATION
    assert azp(ada, **said, Referer=f"{APPLICATION}/", **SAME) == APPLICATION


@pytest.mark.parametrize(
    "host", ["evil.example", "other.example.com:444", "", ",", "a\\b", "[", "é"]
)
def test_a_proxy_names_no_stranger(ada, proxied, host):
    forget_the_page()
    said = {"X_Forwarded_Host": host, "Clerk_Proxy_Url": f"https://{host}/__clerk"}
    assert azp(ada, **said) is None
    assert azp(ada, X_Forwarded_Host="other.example.com", X_Forwarded_Proto="http") is None


def test_our_own_proxy_that_names_us_tells_nothing(ada, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    ours = {"X_Forwarded_Host": "localhost:8000", "X_Forwarded_Proto": "http"}
    assert azp(ada, **ours) == APPLICATION
    forget_the_page()
    assert azp(ada, **ours) is None


def test_a_page_that_is_no_longer_allowed_gets_no_token(ada, application):
    application.allowed_origins = []
    application.save()
    assert azp(ada) is azp(ada, Referer=f"{APPLICATION}/", **SAME) is None


def test_a_named_page_may_change_nothing(ada, refused):
    """These headers only choose the token's `azp`. A request that changes something needs `Origin`."""
    named = {"Referer": f"{APPLICATION}/", **SAME}
    answer = ada.post(f"client/sessions/{ada.session_id}/tokens", headers=named)
    assert refused(answer) == (400, "origin_missing")
