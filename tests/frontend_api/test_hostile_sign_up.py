"""Bad values in every field of a sign-up: a documented 4xx, never a 500, and the next valid request works."""

import json

import pytest

from accounts.models import SignUp, User
from tests.api import hostile
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import PATIENT, SIGN_UPS, begin, begun, ticket_for

pytestmark = pytest.mark.django_db

VALUE, LONG = hostile.VALUE, "form_param_max_length_exceeded"
NO_TEXT = ["0", "1.5", "true", "false", "[]", "{}", '["x"]', '{"k":1}', "1e999"]
UNSTORABLE = ['"\\u0000"', '"seven wet\\u0000penguins"', '"\\ud800"', '"x\\udfffx"']
BAD_NAME = {
    **dict.fromkeys([*NO_TEXT, *UNSTORABLE, '"a\\nb"', '"\\u202eadA"', '"Ad\\u200da"'], VALUE),
    **dict.fromkeys([json.dumps("x" * 65), json.dumps("x" * 200_000)], LONG),
}
BAD_PASSWORD = {
    **dict.fromkeys([*NO_TEXT, *UNSTORABLE, json.dumps("x" * 1101)], VALUE),
    '"short"': "form_password_length_too_short",
    '"12345678"': "form_password_pwned",
    json.dumps("x" * 1025): "form_password_length_too_long",
}
ADDRESS = {text: code for text, code in hostile.BAD_ADDRESS.items() if code != hostile.NIL}
METADATA = {text: code for text, code in hostile.BAD_METADATA.items() if text not in {'""', '"{}"'}}
SAID = {
    "email_address": ADDRESS,
    "password": BAD_PASSWORD,
    "first_name": BAD_NAME,
    "last_name": BAD_NAME,
    "unsafe_metadata": METADATA | {'"{"': VALUE, '"[]"': VALUE, '"\\ud800"': VALUE, '"NaN"': VALUE},
    "strategy": dict.fromkeys([*NO_TEXT, *UNSTORABLE, '"x"', '"TICKET"'], VALUE),
    "ticket": dict.fromkeys(NO_TEXT, VALUE),
}
CODE = dict.fromkeys([*NO_TEXT, *UNSTORABLE, json.dumps("1" * 1101)], VALUE)
PATCH = "?_method=PATCH"


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = PATIENT | {"ticket_post": 10**6, "unknown_ticket": 10**6}


@pytest.fixture
def send(browser):
    """Send a body unchanged."""

    def send(path, body, *, content_type="application/json"):
        headers = {"Origin": browser.origin}
        return browser.pages.generic(
            "POST", f"/__clerk/v1/{path}", body, content_type=content_type, headers=headers
        )

    return send


def valid():
    return {"email_address": hostile.fresh_address(), "password": PASSWORD}


def check(answer, code, *, field):
    """Check that an error names the field; a response may have several errors."""
    errors = answer.json()["errors"]
    assert answer.status_code == 422, answer.content[:300]
    assert (code, field) in [(each["code"], each["meta"]["param_name"]) for each in errors]


@pytest.mark.parametrize("field", SAID)
def test_no_field_of_a_new_sign_up_takes_what_it_must_not(send, field):
    for text, code in SAID[field].items():
        check(send(SIGN_UPS, hostile.body(valid(), **{field: text})), code, field=field)
    hostile.works(lambda body: send(SIGN_UPS, body), valid)
    assert not User.objects.exists()


@pytest.mark.parametrize("field", SAID)
def test_no_field_of_a_sign_up_with_a_ticket_takes_what_it_must_not(browser, send, field):
    ticket = {"ticket": ticket_for()}
    table = {text: code for text, code in SAID[field].items() if field != "email_address"}
    for text, code in table.items():
        check(send(SIGN_UPS, hostile.body(ticket, **{field: text})), code, field=field)
    assert not User.objects.exists()
    assert begin(browser, **ticket, password=PASSWORD).json()["response"]["status"] == "complete"


@pytest.mark.parametrize("field", SAID)
def test_no_field_of_a_change_takes_what_it_must_not(browser, send, field):
    path = begun(browser, email_address="eve@example.com")
    before = SignUp.objects.values().get()
    for text, code in SAID[field].items():
        check(send(path + PATCH, hostile.body({}, **{field: text})), code, field=field)
    assert SignUp.objects.values().get() == before
    assert browser.patch(path, password=PASSWORD).status_code == 200


@pytest.mark.parametrize("call", ["prepare_verification", "attempt_verification"])
def test_no_field_of_a_code_takes_what_it_must_not(browser, send, call):
    path = begun(browser, email_address="eve@example.com")
    said = {"strategy": "email_code", "code": "123456"}
    for text in [*NO_TEXT, *UNSTORABLE, '"x"']:
        body = hostile.body(said, strategy=text)
        check(send(f"{path}/{call}", body), VALUE, field="strategy")
    for text in CODE if call == "attempt_verification" else ():
        check(send(f"{path}/{call}", hostile.body(said, code=text)), VALUE, field="code")
    assert SignUp.objects.get().tries == 0


@pytest.mark.parametrize("call", ["prepare_verification", "attempt_verification"])
@pytest.mark.parametrize("body", ["{}", "", '{"strategy":null}', '{"strategy":""}', '{"x":1}'])
def test_what_a_code_needs_is_named(browser, send, call, body):
    path = begun(browser, email_address="eve@example.com")
    answer = send(f"{path}/{call}", body)
    assert answer.status_code == 422
    named = {each["meta"]["param_name"] for each in answer.json()["errors"]}
    assert "strategy" in named
    assert ("code" in named) is (call == "attempt_verification")


@pytest.mark.parametrize("text", ["", "null"])
def test_null_is_nothing_said(send, text):
    fields = dict.fromkeys(SAID, text or '""')
    answer = send(SIGN_UPS, hostile.body({}, **fields))
    assert answer.json()["response"]["missing_fields"] == ["email_address", "password"]


@pytest.mark.parametrize("field", SAID)
def test_no_field_takes_what_is_no_json(send, refused, field):
    for text in hostile.NO_JSON:
        answer = send(SIGN_UPS, hostile.body(valid(), **{field: text}))
        assert refused(answer) == (400, "request_body_invalid"), text[:80]
    hostile.works(lambda body: send(SIGN_UPS, body), valid)


@pytest.mark.parametrize(
    "body", ["[]", "null", "1", '"x"', "{", "\ufeff{}", '{"a":1}{"b":2}', b"\xff"]
)
def test_a_body_is_one_json_object(browser, send, refused, body):
    path = begun(browser, email_address="eve@example.com")
    calls = [SIGN_UPS, path + PATCH, f"{path}/prepare_verification", f"{path}/attempt_verification"]
    for call in calls:
        assert refused(send(call, body)) == (400, "request_body_invalid")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"first_name=%FF", 400, "request_body_invalid"),
        (b"first_name=\xff", 400, "request_body_invalid"),
        (b"first_name=%ED%A0%80", 400, "request_body_invalid"),
        (b"first_name=%00", 422, VALUE),
        (b"first_name=a&first_name=b", 422, "form_param_duplicate"),
        (b"unsafe_metadata=x", 422, VALUE),
        (b"unsafe_metadata=%7B%22k%22%3A%22%00%22%7D", 422, VALUE),
        (b"unsafe_metadata[k]=1&first_name[]=x&%00=1&&=x", 200, ""),
        (b"first_name=" + b"x" * 65, 422, LONG),
        (b"x=" + b"x" * 262_200, 413, "request_body_too_large"),
        (b"password=%F0%9F%92%A9", 422, "form_password_length_too_short"),
    ],
)
def test_forms_are_read_as_strictly(send, body, status, code):
    answer = send(SIGN_UPS, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert code in answer.text
    again = send(
        SIGN_UPS,
        "email_address=eve%40example.com",
        content_type="application/x-www-form-urlencoded",
    )
    assert again.status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "x", ""])
def test_other_types_are_refused(send, refused, content_type):
    answer = send(SIGN_UPS, "email_address=eve@example.com", content_type=content_type)
    assert refused(answer) == (415, "unsupported_content_type")


def test_what_is_kept_can_be_read_back(browser):
    for metadata in hostile.GOOD_METADATA:
        for as_json in (True, False):
            said = {"email_address": hostile.fresh_address(), "unsafe_metadata": metadata}
            told = begin(browser, **said, json=as_json).json()["response"]
            assert told["unsafe_metadata"] == metadata
            assert browser.client()["sign_up"]["unsafe_metadata"] == metadata
