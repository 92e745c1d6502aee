"""The table of errors, row by row, and which of them the Python SDK raises as a typed error."""

import json
import re

import pytest
import structlog

from tests.factories import InvitationFactory, UserFactory

PATH = "/v1/invitations"
BULK = f"{PATH}/bulk"
ADA = {"email_address": "ada@example.com"}
GRACE = {"email_address": "grace@example.com"}  # an existing user
BIG = {"public_metadata": {"k": "x" * 8192}}
RESTRICTIONS = "/v1/instance/restrictions"
ALLOWLIST = {"allowlist": True, "sign_up_mode": "restricted"}
TAKEN = {"email_address": ["grace@example.com"], "skip_password_requirement": True}


@pytest.fixture
def there(db):
    """Create the rows that the paths and bodies below refer to."""
    return {
        "pending": InvitationFactory(**ADA, email_key="ada@example.com").pk,
        "accepted": InvitationFactory(accepted=True).pk,
        "revoked": InvitationFactory(revoked=True).pk,
        "expired": InvitationFactory(expired=True).pk,
        "user": UserFactory(email_address="grace@example.com").pk,
        "admin": UserFactory(admin=True, email_address="admin@example.com").pk,
    }


# method, path, body, status, code, keys of `meta`
REFUSED = [
    ("POST", PATH, "{", 400, "request_body_invalid", []),
    ("GET", f"{PATH}?query=%zz", "", 400, "malformed_request_parameters", []),
    ("POST", PATH, ADA, 400, "duplicate_record", ["email_addresses"]),
    ("POST", BULK, [ADA], 400, "duplicate_record", ["email_addresses"]),
    ("POST", BULK, [ADA] * 11, 400, "bulk_size_exceeded", []),
    ("POST", PATH + "/{accepted}/revoke", "", 400, "invitation_already_accepted", []),
    ("POST", PATH + "/{revoked}/revoke", "", 400, "invitation_already_revoked", []),
    ("POST", PATH + "/{accepted}/resend", "", 400, "invitation_already_accepted", []),
    ("POST", PATH + "/{expired}/link", "", 400, "invitation_expired", []),
    ("PATCH", PATH + "/{expired}", {"redirect_url": None}, 400, "invitation_expired", []),
    ("DELETE", "/v1/users/{admin}", "", 403, "authorization_invalid", []),
    ("GET", "/v1/nothing", "", 404, "resource_not_found", []),
    ("GET", f"{PATH}/inv_unknown", "", 404, "resource_not_found", []),
    ("DELETE", f"{PATH}/inv_unknown", "", 404, "resource_not_found", []),
    ("GET", "/v1/users/user_unknown", "", 404, "resource_not_found", []),
    ("PUT", PATH, "", 405, "method_not_allowed", []),
    ("POST", PATH, "x" * 262_145, 413, "request_body_too_large", []),
    ("POST", PATH, {}, 422, "form_param_missing", ["param_name"]),
    ("POST", BULK, "", 422, "form_param_missing", ["param_name"]),
    ("POST", PATH, {"email_address": ""}, 422, "form_param_nil", ["param_name"]),
    ("POST", PATH, {**ADA, "x": 1}, 422, "form_param_unknown", ["param_name"]),
    ("GET", f"{PATH}?limit=1&limit=1", "", 422, "form_param_duplicate", ["param_name"]),
    ("POST", PATH, {"email_address": "a@b"}, 422, "form_param_format_invalid", ["param_name"]),
    ("POST", PATH, {**ADA, "notify": 1}, 422, "form_param_value_invalid", ["param_name"]),
    ("POST", BULK, [{**ADA, "notify": 1}], 422, "form_param_value_invalid", ["index", "param_name"]),
    ("POST", PATH, {**ADA, **BIG}, 422, "form_param_exceeds_allowed_size", ["param_name"]),
    ("PATCH", "/v1/users/{user}", {"first_name": "x" * 300}, 422, "form_param_max_length_exceeded", ["param_name"]),
    ("GET", f"{PATH}?{'status=pending&' * 101}", "", 422, "form_param_array_size_exceeded", ["param_name"]),
    ("POST", PATH, GRACE, 422, "form_identifier_exists", ["param_name"]),
    ("PATCH", RESTRICTIONS, ALLOWLIST, 422, "sign_up_mode_restricted_invalid_value", ["param_name"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "code", "meta"), REFUSED)
def test_each_row_of_the_table(api, there, method, path, body, status, code, meta):
    answer = _ask(api, method, path.format(**there), body)
    document = answer.json()

    assert answer.status_code == status
    [error] = document["errors"]
    assert error["code"] == code
    assert sorted(error.get("meta", {})) == meta
    assert set(document) == {"errors", "clerk_trace_id"}
    for text in ("message", "long_message", "code"):
        assert type(error[text]) is str
        assert error[text]


def _ask(api, method, path, body):
    text = body if isinstance(body, str) else json.dumps(body)
    return api.generic(method, path, text, content_type="application/json")


def test_meta_is_left_out_when_empty_and_names_parameters(api):
    assert "meta" not in api.get("/v1/nothing").json()["errors"][0]
    [error] = api.post(PATH, {}).json()["errors"]
    assert error["meta"] == {"param_name": "email_address"}
    [error] = api.post(BULK, [{"email_address": "a@b.example"}, {}]).json()["errors"]
    assert error["meta"] == {"param_name": "email_address", "index": 1}


def test_the_trace_id_is_in_answer_header_and_log(api):
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        answers = [api.get(path) for path in (PATH, f"{PATH}/inv_x", "/v1/nothing")]
    headers = [answer["X-Trace-Id"] for answer in answers]
    logged = [line["trace_id"] for line in lines if line["event"] == "request_finished"]

    assert logged == headers
    assert len(set(headers)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in headers)
    assert [answer.json()["clerk_trace_id"] for answer in answers[1:]] == headers[1:]


def test_401_says_which_scheme_to_use(nobody):
    for header in ({}, {"Authorization": "Bearer x"}):
        assert nobody.get(PATH, headers=header)["WWW-Authenticate"] == "Bearer"


# Errors that callers meet in everyday use, against the statuses for which the Python SDK raises `ClerkErrors`.
TYPED = {
    ("POST", PATH): ({400, 422}, [ADA, GRACE, {}, "{", {**ADA, "expires_in_days": 0}]),
    ("POST", BULK): ({400, 422}, [[ADA], [GRACE], [], [{}], [ADA] * 11, "{"]),
    ("POST", PATH + "/{revoked}/revoke"): ({400, 404}, [""]),
    ("POST", PATH + "/{accepted}/revoke"): ({400, 404}, [""]),
    ("POST", PATH + "/inv_unknown/revoke"): ({400, 404}, [""]),
    ("GET", "/v1/users?limit=0"): ({400, 401, 422}, [""]),
    ("GET", "/v1/users/user_unknown"): ({400, 401, 404}, [""]),
    ("DELETE", "/v1/users/user_unknown"): ({400, 401, 404}, [""]),
    ("POST", "/v1/users"): ({400, 401, 402, 403, 422}, [{}, TAKEN, "{"]),
    ("PATCH", "/v1/users/user_unknown"): ({400, 401, 404, 409, 422}, ["", "{"]),
    ("PATCH", "/v1/users/{user}"): ({400, 401, 404, 409, 422}, [{"password": "x"}, {"created_at": "x"}]),
    ("PATCH", "/v1/users/{user}/metadata"): ({400, 401, 404, 422}, [{"public_metadata": 1}, {"x": 1}, "{"]),
    ("PUT", "/v1/users/user_unknown/metadata"): ({400, 401, 404, 422}, [{}]),
    ("GET", "/v1/users/count?banned=x"): ({422}, [""]),
    ("POST", "/v1/users/ban"): ({400, 402, 404, 422}, [{"user_ids": ["user_unknown"]}, {"user_ids": []}]),
    ("PATCH", "/v1/instance"): ({422}, [{"allowed_origins": ["x"]}, {"test_mode": "x"}]),
    ("PATCH", RESTRICTIONS): ({402, 422}, [{"allowlist": 1}, {"sign_up_mode": "x"}]),
}  # fmt: skip


@pytest.mark.parametrize("call", TYPED, ids=" ".join)
def test_expected_failures_have_a_type_in_python(api, there, call):
    method, path = call
    typed, bodies = TYPED[call]
    answers = [_ask(api, method, path.format(**there), body) for body in bodies]
    assert [(a.status_code, a.text) for a in answers if a.status_code not in typed] == []
