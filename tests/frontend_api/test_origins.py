"""Only our own pages and pages of allowed origins may change or read anything for a visitor."""

import pytest

from accounts.models import SignIn
from tests.factories import UserFactory
from tests.frontend_api.conftest import APPLICATION

ADA = "ada@example.com"
OURS = "http://localhost:8000"
STRANGERS = [
    "https://evil.example",
    "null",
    f"{APPLICATION}:443",
    APPLICATION.upper(),
    "https://App.Example.com",
    f"{APPLICATION}.",
    f"{APPLICATION}/",
    f"{APPLICATION}.evil.example",
    f"{APPLICATION}, {APPLICATION}",
    APPLICATION.replace("https", "http"),
    "http://localhost",
    "http://localhost:8000.evil.example",
    "https://localhost:8000",
    "*",
]
APPS = [
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://0a1b2c3d-4e5f-6789-abcd-ef0123456789",
]
UNSAFE = [
    ("POST", "client/sign_ins"),
    ("POST", "client/sign_ins/sia_x/prepare_first_factor"),
    ("POST", "client/sign_ups"),
    ("POST", "client/sign_ups/sua_x?_method=PATCH"),
    ("PATCH", "client/sign_ups/sua_x"),
    ("POST", "client/sessions/sess_x/tokens"),
    ("POST", "client/sessions/sess_x/end"),
    ("POST", "client?_method=DELETE"),
    ("DELETE", "client"),
    ("DELETE", "client/sessions"),
]


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def is_shared(answer, origin):
    """Return whether a page of this origin may read the response."""
    allowed = answer.get("Access-Control-Allow-Origin")
    assert "Origin" in answer["Vary"]
    assert allowed in (None, origin)
    assert (allowed is None) is ("Access-Control-Allow-Credentials" not in answer)
    return allowed == origin


@pytest.mark.parametrize("origin", [APPLICATION, OURS])
def test_welcome_pages_may_change_and_read(new_browser, origin, ada):
    browser = new_browser(origin=origin)
    answer = browser.post("client/sign_ins", identifier=ADA)
    assert answer.status_code == 200
    assert is_shared(answer, origin)
    assert is_shared(browser.get("client"), origin)


@pytest.mark.parametrize(
    "base", ["HTTP://LocalHost:8000", "http://localhost:80", "https://localhost:443/"]
)
def test_our_own_origin_is_meant_however_the_base_url_is_written(new_browser, settings, base):
    settings.BASE_URL = base
    origin = {"h": "http://localhost", "H": OURS}[base[0]]
    origin = "https://localhost" if base.startswith("https") else origin
    answer = new_browser(origin=origin).post("client/sign_ins", identifier=ADA)
    assert answer.status_code == 200


@pytest.mark.parametrize("origin", STRANGERS)
def test_other_pages_may_neither_change_nor_read(new_browser, refused, origin, ada):
    stranger = new_browser(origin=origin)
    answer = stranger.post("client/sign_ins", identifier=ADA)
    assert refused(answer) == (400, "origin_invalid")
    assert not is_shared(answer, origin)
    assert not is_shared(stranger.get("client"), origin)
    assert not SignIn.objects.exists()


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_no_change_is_heard_from_another_page_or_from_nowhere(browser, refused, method, path, ada):
    session_id = browser.sign_in()
    url = f"/__clerk/v1/{path.replace('sess_x', session_id)}"
    evil = browser.pages.generic(method, url, headers={"Origin": "https://evil.example"})
    assert refused(evil) == (400, "origin_invalid")
    nowhere = browser.pages.generic(method, url)
    assert refused(nowhere) == (400, "origin_missing")
    assert browser.client()["last_active_session_id"] == session_id


def test_a_program_without_a_cookie_needs_no_origin(new_browser, ada):
    program = new_browser(origin="")
    answer = program.post("client/sign_ins", identifier=ADA)
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer


def test_the_session_cookie_of_pages_counts_for_nothing(new_browser, refused, ada):
    """A form of another site cannot misuse this cookie, and it does not make an Origin header necessary."""
    browser = new_browser(origin="")
    browser.pages.force_login(ada)
    del browser.cookies["__client_8000"]
    assert refused(browser.get("me")) == (401, "authentication_invalid")


@pytest.mark.parametrize(("method", "status"), [("POST", 422), ("PUT", 405), ("PATCH", 405)])
def test_errors_can_be_read_by_welcome_pages_alone(new_browser, method, status):
    for origin in (APPLICATION, "https://evil.example"):
        pages = new_browser().pages
        url = "/__clerk/v1/client/sign_ins"
        answer = pages.generic(method, url, headers={"Origin": origin})
        assert is_shared(answer, origin) is (origin == APPLICATION)
        assert answer.status_code == status or origin != APPLICATION
        assert is_shared(pages.get("/__clerk/x", headers={"Origin": origin}), origin) is (
            origin == APPLICATION
        )


def preflight(browser, origin, path="client/sign_ups/sua_x"):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "content-type",
    }
    return browser.pages.options(f"/__clerk/v1/{path}", headers=headers)


def test_browsers_of_welcome_pages_are_told_what_they_may_send(browser):
    answer = preflight(browser, APPLICATION)
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_shared(answer, APPLICATION)
    assert "PATCH" in answer["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer["Access-Control-Allow-Headers"]
    assert int(answer["Access-Control-Max-Age"]) <= 600  # so that a change in Settings works soon


def asking_for(browser, names):
    """Return the headers that a page of an allowed origin may send when it asks for `names`."""
    headers = {
        "Origin": APPLICATION,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": names,
    }
    answer = browser.pages.options("/__clerk/v1/client/sign_ins", headers=headers)
    assert answer.status_code == 204
    return answer["Access-Control-Allow-Headers"].split(", ")


def test_a_welcome_page_may_send_headers_of_tracing_along(browser):
    names = "authorization,baggage,content-type,sentry-trace,traceparent,x-datadog-trace-id"
    tracing = ["baggage", "sentry-trace", "traceparent", "x-datadog-trace-id"]
    assert asking_for(browser, names) == ["Authorization", "Content-Type", *tracing]


def test_what_is_no_name_of_a_header_is_not_said_back(browser):
    names = 'traceparent, a b,"x",x:y,é,(,,x\ty,' + "x" * 101
    assert asking_for(browser, names) == ["Authorization", "Content-Type", "traceparent"]


def test_fifty_headers_are_enough(browser):
    names = ",".join(f"x-{number}" for number in range(60))
    assert asking_for(browser, names)[2:] == [f"x-{number}" for number in range(50)]


@pytest.mark.parametrize("origin", APPS)
def test_pages_of_apps_and_extensions_may_call_once_they_are_allowed(
    new_browser, application, origin, ada
):
    assert new_browser(origin=origin).post("client/sign_ins", identifier=ADA).status_code == 400
    application.allowed_origins = [origin]
    application.save()
    answer = new_browser(origin=origin).post("client/sign_ins", identifier=ADA)
    assert answer.status_code == 200
    assert is_shared(answer, origin)


@pytest.mark.parametrize("origin", APPS)
def test_nobody_is_led_to_an_app(browser, application, refused, origin):
    application.allowed_origins = [origin]
    application.save()
    answer = browser.get("client/handshake", redirect_url=f"{origin}/index.html")
    assert refused(answer) == (400, "origin_invalid", "redirect_url")


@pytest.mark.parametrize("origin", STRANGERS)
def test_browsers_of_other_pages_are_told_nothing(browser, origin):
    answer = preflight(browser, origin)
    assert answer.status_code == 204
    assert not is_shared(answer, origin)
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_page_that_is_no_longer_welcome_is_out_at_once(browser, application, refused, ada):
    session_id = browser.sign_in()
    application.allowed_origins = []
    application.save()
    answer = browser.post(f"client/sessions/{session_id}/tokens")
    assert refused(answer) == (400, "origin_invalid")
    assert not is_shared(browser.get("client"), APPLICATION)
