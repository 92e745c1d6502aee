"""What holds for every response under /v1."""

import re

import pytest
import structlog
from django.db import OperationalError, connection

from config.api import api as ninja_api
from invitations.models import Invitation

HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def _framed(answer, status, code):
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"]) == (status, code)
    assert HEADERS.items() <= dict(answer.headers).items()
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Trace-Id"])
    assert answer.json()["clerk_trace_id"] == answer["X-Trace-Id"]
    assert all(isinstance(error[text], str) and error[text] for text in ("message", "long_message"))
    assert not answer.cookies
    return True


def test_a_success_is_200_and_plain_json(api):
    answer = api.get("/v1/invitations")

    assert answer.status_code == 200
    assert HEADERS.items() <= dict(answer.headers).items()
    assert len(answer["X-Trace-Id"]) == 32


def test_every_request_has_its_own_trace_id(api):
    assert api.get("/v1/invitations")["X-Trace-Id"] != api.get("/v1/invitations")["X-Trace-Id"]


def test_the_trace_id_is_in_the_log(api):
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        answer = api.get("/v1/invitations")

    finished = [line for line in lines if line["event"] == "request_finished"]
    assert [line["trace_id"] for line in finished] == [answer["X-Trace-Id"]]


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/invitations/",
        "/v1/invitations//revoke",
        "/v1/sign_ups",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_unknown_path_is_404_before_any_key_is_asked_for(nobody, path, method):
    assert _framed(nobody.generic(method, path), 404, "resource_not_found")


@pytest.mark.parametrize(
    "path", ["//v1/invitations", "///v1//users", "//v1", "//v1/tickets/accept"]
)
def test_a_base_url_that_ends_in_a_slash_is_told_so(api, path):
    answer = api.get("/", PATH_INFO=path)
    assert _framed(answer, 404, "resource_not_found")
    assert "Leave the last slash" in answer.json()["errors"][0]["long_message"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_405_before_any_key_is_asked_for(nobody, method):
    answer = nobody.generic(method, "/v1/invitations")

    assert _framed(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, POST"


def test_a_missing_key_is_401(nobody):
    assert _framed(nobody.get("/v1/invitations"), 401, "authorization_header_format_invalid")


def test_no_key_is_401_before_a_body_is_looked_at(nobody):
    answer = nobody.post("/v1/invitations", "x" * 300_000)
    assert _framed(answer, 401, "authorization_header_format_invalid")


def test_a_refused_host_is_json_too(api):
    assert _framed(
        api.get("/v1/invitations", headers={"Host": "evil.example"}),
        400,
        "malformed_request_parameters",
    )


def test_a_forwarded_host_changes_no_link(api):
    answer = api.post(
        "/v1/invitations",
        {"email_address": "a@b.example"},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert answer.json()["url"].startswith("http://localhost:8000/v1/tickets/accept?ticket=olt_")


def test_a_bug_is_500_and_logged(api, monkeypatch, caplog):
    monkeypatch.setattr(Invitation.objects, "in_status", lambda *_statuses: 1 / 0)
    answer = api.get("/v1/invitations")

    assert _framed(answer, 500, "internal_clerk_error")
    assert "ZeroDivisionError" in caplog.text
    assert "division" not in answer.text


def test_an_unknown_path_needs_no_database(nobody):
    def away(*_call):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(away):
        assert _framed(nobody.get("/v1/nothing"), 404, "resource_not_found")


def test_an_api_version_and_sdk_headers_change_nothing(api):
    headers = {"Clerk-API-Version": "2021-02-05", "X-Clerk-SDK": "python/7.0.0", "User-Agent": "x"}
    assert api.get("/v1/invitations", headers=headers).json() == []


def test_cors_is_not_spoken(api):
    answer = api.get("/v1/invitations", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_no_csrf_token_is_asked_for(api):
    api.handler.enforce_csrf_checks = True
    answer = api.post(
        "/v1/invitations",
        {"email_address": "a@b.example"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 200


def test_every_writing_operation_says_what_it_takes():
    """An operation without a schema would ignore unknown keys. We refuse them, so that a misspelt name is noticed."""
    for router in ninja_api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                sources = {model.__ninja_param_source__ for model in operation.models}
                assert {"GET"} & set(operation.methods) or {"query", "body"} <= sources
