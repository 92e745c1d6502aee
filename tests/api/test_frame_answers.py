"""What a response looks like: status, headers and body."""

import re

import pytest

from config.api import api as ninja_api
from tests.factories import InvitationFactory

PATH = "/v1/invitations"
ID = re.compile("(inv|user|idn|sess|sua|wle|alid|blid|ru|ins|key)_[0-9A-Za-z]{27}")


def _operations():
    """Yield (method, path) of every operation, with ids that do not exist."""
    for router in ninja_api._get_bound_routers():
        for path, view in router.path_operations.items():
            whole = "/".join(["/v1", *filter(None, f"{router.prefix}/{path}".split("/"))])
            for operation in view.operations:
                for method in operation.methods:
                    yield method, re.sub(r"\{[^}]*\}", "inv_unknown", whole), operation


OPERATIONS = [(method, path) for method, path, _operation in _operations()]
READING = [path for method, path in OPERATIONS if method == "GET"]


def test_rule_1_success_is_200_also_for_create(api):
    invitation = api.create()
    assert invitation.status_code == 200
    path = f"{PATH}/{invitation.json()['id']}"
    assert api.get(path).status_code == 200
    assert api.post(f"{path}/revoke").status_code == 200
    assert api.delete(path).status_code == 200
    assert api.post(f"{PATH}/bulk", [{"email_address": "b@example.com"}]).status_code == 200
    assert api.get("/v1/instance").status_code == 200


def test_rule_1_but_changing_the_instance_is_204_without_a_body(api):
    answer = api.patch("/v1/instance", {"test_mode": False})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("encoding", ["", "gzip, deflate, br"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/xml"])
def test_rule_2_the_type_is_exactly_json(api, nobody, accept, encoding):
    headers = {"Accept": accept, "Accept-Encoding": encoding}
    answers = [
        api.get(PATH, headers=headers),
        api.get(f"{PATH}/inv_x", headers=headers),
        api.put(PATH, headers=headers),
        api.post(PATH, "x" * 300_000, headers=headers),
        api.post(PATH, "{", headers=headers),
        nobody.get(PATH, headers=headers),
        nobody.get("/v1/nothing", headers=headers),
        api.get(PATH, headers={**headers, "Host": "evil.example"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 405, 413, 400, 401, 404, 400]
    assert {answer["Content-Type"] for answer in answers} == {"application/json"}
    assert not [answer for answer in answers if "Content-Encoding" in answer]


def _values(document):
    """Yield every (name, value) at any depth, without those inside metadata."""
    if isinstance(document, list):
        for each in document:
            yield from _values(each)
    elif isinstance(document, dict):
        for name, value in document.items():
            yield name, value
            if not name.endswith("_metadata"):
                yield from _values(value)


def test_rule_3_names_are_snake_case_and_times_are_milliseconds(api):
    answer = api.create(public_metadata={"camelCase": 1}).json()
    values = [*_values(answer), *_values(api.get("/v1/instance").json())]

    assert not [name for name, _value in values if not re.fullmatch("[a-z]+(_[a-z]+)*", name)]
    times = [value for name, value in values if name == "at" or name.endswith("_at")]
    assert all(value is None or type(value) is int for value in times)
    assert {len(str(value)) for value in times if value} == {13}


def test_rule_4_there_are_four_statuses(api):
    for trait in ({}, {"expired": True}, {"accepted": True}, {"revoked": True}):
        InvitationFactory(**trait)
    rows = api.get(f"{PATH}?status=pending&status=expired&status=accepted&status=revoked").json()
    assert {row["status"] for row in rows} == {"pending", "expired", "accepted", "revoked"}


def test_rule_5_only_deletions_are_deleted_and_only_pages_have_data(api):
    made = api.create().json()
    path = f"{PATH}/{made['id']}"
    others = [made, api.get(path).json(), *api.get(PATH).json(), api.get("/v1/instance").json()]

    assert not [each for each in others if "deleted" in each or "data" in each]
    assert set(api.get(f"{PATH}?paginated=true").json()) == {"data", "total_count"}
    assert api.delete(path).json()["deleted"] is True


def test_rule_6_ids_are_a_prefix_and_27_characters(api):
    answer = api.create().json()
    assert ID.fullmatch(answer["id"])[1] == "inv"
    assert ID.fullmatch(answer["inviter"]["id"])[1] == "key"
    assert ID.fullmatch(api.get("/v1/instance").json()["id"])[1] == "ins"


def test_rule_8_a_deletion_names_the_object(api):
    made = api.create().json()
    deletion = api.delete(f"{PATH}/{made['id']}").json()
    assert deletion == {"object": "invitation", "id": made["id"], "deleted": True}


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=str)
def test_rule_7_every_operation_answers_with_the_same_headers(api, method, path):
    answer = api.generic(method, path)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Trace-Id"])


@pytest.mark.parametrize("path", READING)
def test_head_is_get_without_the_body_everywhere(api, path):
    got, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head["Content-Type"] == "application/json"
    if got.status_code == 200:  # an error has its own trace id, so its length may differ
        assert head["Content-Length"] == got["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("path", sorted({path for _method, path in OPERATIONS}))
def test_another_method_is_told_which_ones_there_are(nobody, path):
    known = {method for method, other in OPERATIONS if other == path}
    known |= {"HEAD"} & {"HEAD" if "GET" in known else ""}
    answer = nobody.generic("BREW", path)
    assert (answer.status_code, answer["Allow"]) == (405, ", ".join(sorted(known)))
    for method in {"HEAD", "OPTIONS", "TRACE", "PUT"} - known:
        assert nobody.generic(method, path).status_code == 405


@pytest.mark.parametrize(
    "operation", [each for *_where, each in _operations()], ids=lambda each: each.view_func.__name__
)
def test_no_operation_leaves_its_answer_to_be_written_after_the_commit(operation):
    """`reply()` writes the response inside the operation, so an error there still rolls the change back."""
    assert operation.view_func.__annotations__["return"].__name__ == "HttpResponse"
