"""Every response under /__clerk, for any request and from any code: JSON, not cacheable, with a trace id."""

from io import BytesIO

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test.client import MULTIPART_CONTENT

from tests.api.test_frame_faults import Failing
from tests.factories import UserFactory

ADA = "ada@example.com"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def is_framed(answer):
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(answer["X-Trace-Id"]) == 32
    if answer.status_code >= 400 and answer.content:
        assert answer.json()["clerk_trace_id"] == answer["X-Trace-Id"]
    return True


@pytest.mark.parametrize(
    "path",
    [
        "/__clerk",
        "/__clerk/",
        "/__clerk/v1",
        "/__clerk/v1/",
        "/__clerk/v2/client",
        "/__clerk/../sign-in",  # an application's proxy may pass such a path on
        "/__clerk/..%2fsign-in",
        "/__clerk/%2e%2e/sign-in",
        "/__clerk//sign-in",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_other_paths_are_not_there(browser, refused, method, path):
    answer = getattr(browser.pages, method)(path)
    assert refused(answer) == (404, "resource_not_found")
    assert is_framed(answer)


def test_a_base_url_that_ends_in_a_slash_is_told_so(browser, refused):
    answer = browser.pages.get("/", PATH_INFO="//__clerk/v1/client")
    assert refused(answer) == (404, "resource_not_found")
    assert is_framed(answer)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "client/sign_ins", "POST"),
        ("PUT", "client", "DELETE, GET, HEAD"),
        ("OPTIONS", "client", "DELETE, GET, HEAD"),
        ("POST", "client", "DELETE, GET, HEAD"),
        ("POST", "me", "GET, HEAD"),
        ("POST", "me?_method=DELETE", "GET, HEAD"),
        ("GET", "client/sessions/sess_x/end", "POST"),
        ("GET", "client/sign_ups/sua_x?_method=PATCH", "PATCH"),
        ("TRACE", "client", "DELETE, GET, HEAD"),
    ],
)
def test_other_methods_are_named(browser, refused, method, path, allow):
    answer = browser.pages.generic(method, f"/__clerk/v1/{path}")
    assert refused(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == allow
    assert is_framed(answer)


def test_a_post_may_mean_patch_or_delete_and_nothing_else(browser, refused, ada):
    session_id = browser.sign_in()
    put = browser.post("client", method="PUT")
    assert put.status_code == 405
    get = browser.post("client", method="GET")
    assert get.status_code == 405
    assert browser.client()["last_active_session_id"] == session_id
    assert browser.post("client", method="delete").status_code == 200
    assert browser.client()["sessions"] == []


def test_head_is_get_without_the_body(browser):
    answer = browser.pages.head("/__clerk/v1/client")
    assert (answer.status_code, answer.content) == (200, b"")
    assert is_framed(answer)
    assert browser.pages.head("/__clerk/v1/me").status_code == 401


@pytest.mark.parametrize("path", ["client", "me", "x"])
def test_a_foreign_host_is_told_nothing(browser, refused, path):
    browser.cookies["__client_8000"] = browser.cookies["ollio_session_8000"] = "x"
    answer = browser.get(path, headers={"Host": "evil.example"})
    assert refused(answer) == (400, "malformed_request_parameters")
    assert "Access-Control-Allow-Origin" not in answer
    assert is_framed(answer)


@pytest.mark.parametrize(
    ("body", "content_type", "wanted"),
    [
        (
            "identifier=a&identifier=b",
            "application/x-www-form-urlencoded",
            (422, "form_param_duplicate", "identifier"),
        ),
        (b"identifier=\xff", "application/x-www-form-urlencoded", (400, "request_body_invalid")),
        ("{", "application/json", (400, "request_body_invalid")),
        ("[]", "application/json", (400, "request_body_invalid")),
        (
            '{"identifier": "a", "identifier": "b"}',
            "application/json",
            (400, "request_body_invalid"),
        ),
        ("identifier=a", "text/plain", (415, "unsupported_content_type")),
        ("x" * 300_000, "application/json", (413, "request_body_too_large")),
    ],
)
def test_what_cannot_be_read_is_told_so(browser, refused, body, content_type, wanted):
    url = "/__clerk/v1/client/sign_ins"
    headers = {"Origin": browser.origin}
    answer = browser.pages.generic("POST", url, body, content_type=content_type, headers=headers)
    assert refused(answer) == wanted
    assert is_framed(answer)


def test_a_chunked_body_is_read_as_well(browser):
    body = BytesIO(b"email_address=ada@example.com")
    chunked = {"CONTENT_LENGTH": "", "wsgi.input": body, "wsgi.input_terminated": True}
    headers = {"Origin": browser.origin}
    url, kind = "/__clerk/v1/client/sign_ups", "application/x-www-form-urlencoded"
    answer = browser.pages.generic("POST", url, headers=headers, CONTENT_TYPE=kind, **chunked)
    assert answer.json()["response"]["email_address"] == "ada@example.com"


def test_a_body_is_not_read_from_a_form_with_files(browser, refused):
    answer = browser.pages.post(
        "/__clerk/v1/client/sign_ins",
        {"identifier": ADA},
        content_type=MULTIPART_CONTENT,
        headers={"Origin": browser.origin},
    )
    assert refused(answer) == (415, "unsupported_content_type")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("closed")], ids=repr)
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_database_that_is_away_is_503(browser, refused, ada, fault, signed_in):
    browser.pages.raise_request_exception = False
    if signed_in:
        browser.sign_in()
    for number in range(12):
        with connection.execute_wrapper(Failing(fault, after=number)):
            answer = browser.get("client")
        if answer.status_code == 200:
            break
        assert refused(answer) == (503, "service_unavailable")
        assert is_framed(answer)
        assert answer["Retry-After"] == "5"
    assert number >= 1
