"""What a key with a limited scope may call, and what an expired key gets; tested on every operation."""

import pytest

from accounts.models import LimitCounter, SecretKey, SecurityEvent
from accounts.models.secret_key import Scope
from config.api import api as backend
from config.rights import Right
from invitations.models import Invitation
from tests.api.conftest import Program
from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory
from tests.test_secrets import dump

INVITATIONS = {
    ("POST", "/invitations"),
    ("GET", "/invitations"),
    ("POST", "/invitations/bulk"),
    ("GET", "/invitations/{}"),
    ("PATCH", "/invitations/{}"),
    ("DELETE", "/invitations/{}"),
    ("POST", "/invitations/{}/revoke"),
    ("POST", "/invitations/{}/resend"),
    ("POST", "/invitations/{}/link"),
}
REFUSED = (403, [("authorization_invalid", None)])


def operations():
    """Return method and path of each operation in the API's own description."""
    for path, item in backend.get_openapi_schema()["paths"].items():
        plain = path.removeprefix("/v1").split("{")[0].rstrip("/")
        rest = path.partition("}")[2]
        for method in item:
            yield method.upper(), f"{plain}/{{}}{rest}" if "{" in path else plain


ALL = sorted(operations())
MAY = {
    Scope.ALL: set(ALL),
    Scope.INVITATIONS: INVITATIONS,
    Scope.READ_ONLY: {(method, path) for method, path in ALL if method == "GET"},
}


def ask(program, method, path):
    row = InvitationFactory() if path.startswith("/invitations") else UserFactory()
    return program.generic(method, f"/v1{path.format(row.pk)}")


def test_there_are_operations_of_all_kinds():
    assert set(ALL) > INVITATIONS
    assert len(ALL) > 25


@pytest.mark.django_db
@pytest.mark.parametrize("scope", Scope)
def test_a_key_calls_what_its_scope_allows_and_nothing_else(scope, faults, subtests):
    program = Program(SecretKeyFactory(scope=scope))
    for method, path in ALL:
        with subtests.test(f"{method} {path}"):
            answer = ask(program, method, path)
            if (method, path) in MAY[scope]:
                assert answer.status_code in {200, 204, 422}
            else:
                assert faults(answer) == REFUSED


def test_the_refusal_says_what_the_key_is_for(db):
    told = Program(SecretKeyFactory(scope="read_only")).create().json()["errors"][0]
    assert "may only read" in told["long_message"]
    told = Program(SecretKeyFactory(scope="invitations")).get("/v1/users").json()["errors"][0]
    assert "for invitations only" in told["long_message"]


def test_a_key_that_reads_changes_nothing(db):
    program = Program(SecretKeyFactory(scope="read_only"))
    program.get("/v1/invitations")  # its use is recorded once a minute
    before = dump(leaving_out={LimitCounter, SecurityEvent})
    program.create()
    program.patch("/v1/instance/restrictions", {"sign_up_mode": "restricted"})
    program.post("/v1/users", {"email_address": ["eve@example.com"], "skip_password_checks": True})
    assert dump(leaving_out={LimitCounter, SecurityEvent}) == before


def test_a_body_that_cannot_be_read_tells_a_limited_key_nothing(db, faults):
    program = Program(SecretKeyFactory(scope="invitations"))
    assert faults(program.post("/v1/users", "{")) == REFUSED


def test_an_operation_that_nobody_listed_is_closed_to_limited_keys(db, faults, monkeypatch):
    monkeypatch.setattr("config.api_scopes._OPEN_TO", {})
    for scope in (Scope.INVITATIONS, Scope.READ_ONLY):
        assert faults(Program(SecretKeyFactory(scope=scope)).get("/v1/invitations")) == REFUSED
    assert Program(SecretKeyFactory()).get("/v1/invitations").status_code == 200


RIGHTS = {
    Scope.ALL: set(Right) - {Right.ADMIN},
    Scope.INVITATIONS: {Right.INVITE, Right.REVOKE, Right.COPY_LINK, Right.ERASE_INVITATIONS},
    Scope.READ_ONLY: set(),
}


@pytest.mark.parametrize("scope", Scope)
def test_the_verbs_hold_a_key_to_its_scope_too(scope):
    assert {right for right in Right if SecretKey(scope=scope).may(right)} == RIGHTS[scope]


def test_a_key_of_no_known_scope_may_nothing():
    assert not [right for right in Right if SecretKey(scope="everything").may(right)]


def test_an_expired_key_is_one_that_nobody_knows(db, nobody, faults):
    expired, unknown = Program(SecretKeyFactory(expired=True)), Program()
    unknown.defaults["HTTP_AUTHORIZATION"] = "Bearer sk_test_" + "A" * 43
    answers = [program.get("/v1/invitations") for program in (expired, unknown)]
    assert [faults(answer) for answer in answers] == [(401, [("clerk_key_invalid", None)])] * 2
    told = [answer.json()["errors"] for answer in answers]
    assert told[0] == told[1]
    assert not SecretKey.objects.get().last_used_at


def test_an_expired_key_costs_what_an_unknown_one_costs(db, django_assert_num_queries):
    program = Program(SecretKeyFactory(expired=True))
    program.get("/v1/invitations")
    for key in (program.defaults["HTTP_AUTHORIZATION"], "Bearer sk_test_" + "A" * 43):
        with django_assert_num_queries(2):  # the look-up, and the counter of wrong keys
            program.get("/v1/invitations", headers={"Authorization": key})


def test_a_key_lives_until_it_expires(db):
    program = Program(SecretKeyFactory(expires_in_days=1))
    assert program.create().status_code == 200
    assert Invitation.objects.count() == 1
