"""The Frontend API's OpenAPI 3.1 description is complete and true, and so are its examples."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from config.frontend_api import frontend
from config.openapi.document import document
from config.openapi.frontend import FRONTEND
from tests.described import Described, served_by

DESCRIBED = Described(document(FRONTEND, base_url="https://ollio.example"))
DOCUMENT, OPERATIONS = DESCRIBED.document, DESCRIBED.operations
EVERY = pytest.mark.parametrize("name", OPERATIONS)
PLACE = "/__clerk/v1/openapi.json"
FORM = "application/x-www-form-urlencoded"
ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "accounts" / "frontend_api").glob("*.py"), ROOT / "config/frontend_door.py"]


def test_anybody_may_read_it(db):
    answer = Client().get(PLACE)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer["Cache-Control"] == "no-store"
    served = answer.json()
    assert served["openapi"] == "3.1.0"
    assert served["info"]["title"] == "Ollio Frontend API"
    assert served["servers"] == [{"url": "http://localhost:8000"}]
    assert served["paths"].keys() == DOCUMENT["paths"].keys()


def test_it_is_read_only(db):
    answer = Client(enforce_csrf_checks=True).post(PLACE)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["errors"][0]["code"] == "method_not_allowed"


def test_it_describes_what_is_served_and_nothing_else():
    described = {(method, name) for name, (method, _, _) in OPERATIONS.items()}
    assert described == served_by(frontend)
    assert all(path.startswith("/__clerk/v1/") for path in DOCUMENT["paths"])


@EVERY
def test_every_operation_says_what_it_does_and_for_whom(name):
    operation = OPERATIONS[name][2]
    assert operation["summary"][0].isupper()
    assert operation["description"].strip().endswith(".")
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    has_id = "{" in OPERATIONS[name][1]
    assert (operation["security"] == [{"Browser": []}]) >= has_id


@EVERY
def test_every_operation_shows_a_request_and_an_answer_that_are_valid(name):
    operation = OPERATIONS[name][2]
    for kind in (FORM, "application/json") if "requestBody" in operation else ():
        sent = DESCRIBED.media(operation["requestBody"], kind)
        assert DESCRIBED.valid(sent["example"], sent["schema"])
    (status,) = {"200", "307"} & operation["responses"].keys()
    answered = DESCRIBED.media(operation["responses"][status])
    assert bool(answered) is (status == "200")
    if answered:
        assert DESCRIBED.valid(answered["example"], answered["schema"])


@EVERY
def test_every_operation_shows_its_errors(name):
    method, path, operation = OPERATIONS[name]
    refused = {status: each for status, each in operation["responses"].items() if status >= "400"}
    assert {"400", "500", "503"} <= refused.keys()
    assert bool({"401", "404"} & refused.keys()) >= ("{" in path)
    assert {"409", "422"} <= refused.keys() or method == "get"
    for response in refused.values():
        shown = DESCRIBED.media(response)
        assert shown["schema"] == {"$ref": "#/components/schemas/Errors"}
        for code, example in shown["examples"].items():
            assert example["value"]["errors"][0]["code"] == code
            assert DESCRIBED.valid(example["value"], shown["schema"])


def test_no_error_of_the_code_is_left_untold():
    source = "".join(path.read_text() for path in SOURCES)
    answered = re.findall(
        r'(?:error\(|\(\d{3}, |code(?:, long_message)? = |: \()\s*"([a-z_]+)"', source
    )
    assert len(set(answered)) > 20
    assert {code for code in answered if f'"{code}"' not in json.dumps(DOCUMENT)} == set()


def test_all_references_lead_somewhere():
    for reference in DESCRIBED.references():
        assert DESCRIBED.at(reference)


def test_links_lead_from_a_finished_sign_up_to_its_session():
    links = OPERATIONS["update_sign_up"][2]["responses"]["200"]["links"]
    assert links["touch_session"]["parameters"] == {
        "path.session_id": "$response.body#/response/created_session_id"
    }
    assert links["attempt_sign_up_verification"]["parameters"] == {
        "path.sign_up_id": "$response.body#/response/id"
    }


def test_answers_are_closed_and_bodies_are_open():
    sent = {
        DESCRIBED.media(operation["requestBody"])["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in OPERATIONS.values()
        if "requestBody" in operation
    }
    assert len(sent) > 5
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert schema["additionalProperties"] is (name in sent), name


def test_nothing_is_said_that_is_for_the_house_alone():
    assert DESCRIBED.words_for_ourselves() == []
