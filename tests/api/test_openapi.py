"""The API's OpenAPI 3.1 description is complete and true, and so are its examples."""

import pytest

from config.api import api as ninja_api
from config.openapi.backend import BACKEND
from config.openapi.document import document
from tests.api.conftest import Program
from tests.described import Described, served_by

DESCRIBED = Described(document(BACKEND, base_url="https://ollio.example"))
DOCUMENT, OPERATIONS = DESCRIBED.document, DESCRIBED.operations
EVERY = pytest.mark.parametrize("name", OPERATIONS)


def test_anybody_may_read_it(nobody):
    answer = nobody.get("/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Trace-Id"]
    served = answer.json()
    assert served["openapi"] == "3.1.0"
    assert served["info"]["title"] == "Ollio"
    assert served["servers"] == [{"url": "http://localhost:8000"}]
    assert served["paths"].keys() == DOCUMENT["paths"].keys()


def test_it_is_read_only():
    strict = Program(enforce_csrf_checks=True)
    assert strict.head("/v1/openapi.json").status_code == 200
    answer = strict.post("/v1/openapi.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["errors"][0]["code"] == "method_not_allowed"


def test_it_describes_what_is_served_and_nothing_else():
    served = served_by(ninja_api)
    described = {(method, name) for name, (method, _, _) in OPERATIONS.items()}
    assert described == served | {("get", "get_public_keys")}
    assert len(described) == len(OPERATIONS)


@EVERY
def test_every_operation_says_what_it_does(name):
    operation = OPERATIONS[name][2]
    assert operation["summary"][0].isupper()
    assert operation["description"].strip().endswith(".")
    assert operation["tags"] in (["Invitations"], ["Users"], ["Instance"])
    assert operation["security"] == ([] if name == "get_public_keys" else [{"SecretKey": []}])


@EVERY
def test_every_operation_shows_a_request_and_an_answer_that_are_valid(name):
    operation = OPERATIONS[name][2]
    if "requestBody" in operation:
        sent = DESCRIBED.media(operation["requestBody"])
        assert DESCRIBED.valid(sent["example"], sent["schema"])
    (status,) = {"200", "204"} & operation["responses"].keys()
    answered = DESCRIBED.media(operation["responses"][status])
    assert bool(answered) is (status == "200")
    if answered:
        assert DESCRIBED.valid(answered["example"], answered["schema"])


@EVERY
def test_every_operation_shows_its_errors(name):
    method, path, operation = OPERATIONS[name]
    refused = {status: each for status, each in operation["responses"].items() if status >= "400"}
    if name == "get_public_keys":
        return
    assert {"400", "401", "429", "503"} <= refused.keys()
    assert ("404" in refused) >= ("{" in path)
    assert {"409", "422"} <= refused.keys() or method == "get"
    for response in refused.values():
        shown = DESCRIBED.media(response)
        assert shown["schema"] == {"$ref": "#/components/schemas/Errors"}
        for code, example in shown["examples"].items():
            assert example["value"]["errors"][0]["code"] == code
            assert DESCRIBED.valid(example["value"], shown["schema"])


@EVERY
def test_every_post_may_carry_an_idempotency_key(name):
    method, _, operation = OPERATIONS[name]
    header = {"$ref": "#/components/parameters/Idempotency-Key"}
    assert (header in operation.get("parameters", [])) is (method == "post")


def test_all_references_lead_somewhere():
    for reference in DESCRIBED.references():
        assert DESCRIBED.at(reference)


def test_links_lead_from_an_answer_to_what_can_be_done_with_it():
    links = OPERATIONS["create_invitation"][2]["responses"]["200"]["links"]
    assert {"get_invitation", "change_invitation", "delete_invitation", "resend_invitation"} <= (
        links.keys()
    )
    for name, link in links.items():
        assert link["parameters"] == {"path.invitation_id": "$response.body#/id"}
        assert "{invitation_id}" in OPERATIONS[name][1]


def test_objects_are_closed_and_metadata_is_open():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name
            metadata = [key for key in schema["properties"] if key.endswith("_metadata")]
            assert all(
                schema["properties"][key]["additionalProperties"] is True for key in metadata
            )


def test_query_parameters_have_their_types():
    parameters = OPERATIONS["list_invitations"][2]["parameters"]
    types = {each["name"]: each["schema"] for each in parameters}
    assert types["limit"] == {"type": "integer", "minimum": 1, "maximum": 500, "default": 10}
    assert types["status"]["items"]["enum"] == ["pending", "accepted", "expired", "revoked"]
    assert types["order_by"]["default"] == "-created_at"
    assert "+expires_at" in types["order_by"]["enum"]
    assert types["paginated"]["enum"] == [True, False, 1, 0]


def test_nothing_is_said_that_is_for_the_house_alone():
    assert DESCRIBED.words_for_ourselves() == []
