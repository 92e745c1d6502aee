"""The order in which a request is checked: of two faults, the one that is checked first is reported."""

import pytest

from tests.factories import InvitationFactory

PATH = "/v1/invitations"
BIG, BROKEN = "x" * 262_145, "{"
CHANGES = [("POST", "revoke"), ("POST", "resend"), ("POST", "link"), ("PATCH", "")]


@pytest.fixture
def send(api, nobody):
    """Send a request; return the status and code of its error."""

    def send(method, path, body="", *, content_type="application/json", key=True, **headers):
        program = api if key else nobody
        answer = program.generic(method, path, body, content_type=content_type, headers=headers)
        return answer.status_code, answer.json()["errors"][0]["code"]

    return send


def test_path_then_method_then_key(send):
    assert send("BREW", "/v1/nothing", BIG, key=False) == (404, "resource_not_found")
    assert send("BREW", PATH, BIG, key=False) == (405, "method_not_allowed")
    assert send("POST", PATH, BIG, key=False) == (401, "authorization_header_format_invalid")
    assert send("POST", PATH, BIG, Authorization="Bearer x") == (401, "clerk_key_invalid")


def test_key_then_rate_then_size(send, settings):
    settings.LIMITS = {"requests": 0}
    assert send("POST", PATH, BIG, key=False)[0] == 401
    assert send("POST", PATH, BIG) == (429, "too_many_requests")
    settings.LIMITS = {"create": 0, "requests": 9}
    assert send("POST", PATH, BIG) == (429, "too_many_requests")


def test_size_then_type_then_syntax_of_body_and_query(send):
    path = f"{PATH}?x=%zz"
    assert send("POST", path, BIG, content_type="text/plain") == (413, "request_body_too_large")
    assert send("POST", path, BROKEN, content_type="text/plain")[0] == 415
    assert send("POST", path, BROKEN) == (400, "request_body_invalid")
    assert send("POST", path, "{}") == (400, "malformed_request_parameters")


@pytest.mark.parametrize(("method", "verb"), CHANGES, ids=str)
def test_syntax_then_object_then_parameters_then_state(send, method, verb):
    closed = InvitationFactory(revoked=True)
    none, there = (f"{PATH}/{each}/{verb}".rstrip("/") for each in ("inv_unknown", closed.pk))

    assert send(method, none, BROKEN) == (400, "request_body_invalid")
    assert send(method, f"{none}?x=1", '{"x": 1}') == (404, "resource_not_found")
    assert send(method, f"{there}?x=1", '{"x": 1}') == (422, "form_param_unknown")
    said = '{"redirect_url": null}' if method == "PATCH" else ""
    assert send(method, there, said) == (400, "invitation_already_revoked")


def test_a_deletion_looks_for_its_object_before_its_parameters(send):
    invitation = InvitationFactory()
    assert send("DELETE", f"{PATH}/inv_unknown?x=1")[0] == 404
    assert send("DELETE", f"{PATH}/{invitation.pk}?x=1") == (422, "form_param_unknown")


def test_an_idempotency_key_is_judged_after_the_syntax(send):
    bad = {"Idempotency-Key": "a b"}
    assert send("POST", PATH, "{}", key=False, **bad)[0] == 401
    assert send("POST", PATH, BIG, **bad)[0] == 413
    assert send("POST", PATH, BROKEN, **bad)[0] == 400
    assert send("POST", PATH, "{}", **bad) == (422, "form_param_value_invalid")
