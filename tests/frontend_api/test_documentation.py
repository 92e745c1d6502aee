"""The errors and objects in docs/custom-flow.md are those of the Frontend API."""

import json
import re
from pathlib import Path

import pytest

from accounts.frontend_api.client import ClientObject
from accounts.frontend_api.session_object import SessionObject
from accounts.frontend_api.sign_in_object import SignInObject
from accounts.frontend_api.sign_up_object import SignUpObject
from config.openapi.document import document
from config.openapi.frontend import FRONTEND

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "custom-flow.md").read_text()
SHOWN = {
    shown["object"]: shown
    for shown in map(json.loads, re.findall(r"^```json\n(.+?)^```", TEXT, re.M | re.S))
}


def test_the_errors_that_are_told_are_those_that_are_answered():
    rows = re.findall(r"^\| (\d{3}) \| (.+?) \|", TEXT, re.M)
    told = {(status, code) for status, cell in rows for code in re.findall(r"`(\w+)`", cell)}
    paths = document(FRONTEND, base_url="https://ollio.example")
    responses = [paths["components"]["responses"]] + [
        operation["responses"]
        for methods in paths["paths"].values()
        for operation in methods.values()
    ]
    answered = {
        (status, code)
        for by_status in responses
        for status, response in by_status.items()
        for code in response.get("content", {}).get("application/json", {}).get("examples", {})
    }
    assert told == answered


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("sign_up_attempt", SignUpObject),
        ("sign_in", SignInObject),
        ("client", ClientObject),
        ("session", SessionObject),
    ],
)
def test_an_object_is_shown_with_all_its_fields(name, model):
    assert list(SHOWN[name]) == list(model.model_fields)
