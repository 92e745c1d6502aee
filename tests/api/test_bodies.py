"""Which request bodies are accepted."""

import gzip
import json
from io import BytesIO

import pytest

from invitations.models import Invitation

PATH = "/v1/invitations"
SAID = {"email_address": "ada@example.com"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
    ],
)
def test_json_in_utf_8_is_accepted(api, content_type):
    assert api.post(PATH, SAID, content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json; charset=latin-1",
        "application/jsonp",
        "multipart/form-data; boundary=x",
    ],
)
def test_other_types_are_refused(api, faults, content_type):
    answer = api.post(PATH, SAID, content_type=content_type)
    assert faults(answer) == (415, [("unsupported_content_type", None)])


def test_a_form_is_told_which_header_is_missing(api):
    answer = api.post(PATH, json.dumps(SAID), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 415
    assert "Content-Type: application/json" in answer.json()["errors"][0]["long_message"]
    assert "curl" in answer.json()["errors"][0]["long_message"]


def test_compressed_bodies_are_refused(api):
    answer = api.post(
        PATH, gzip.compress(json.dumps(SAID).encode()), headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"]
)
def test_an_empty_body_means_no_parameters(api, faults, content_type):
    answer = api.generic("POST", PATH, b"", CONTENT_TYPE=content_type, CONTENT_LENGTH="0")
    assert faults(answer) == (422, [("form_param_missing", "email_address")])


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "nonsense",
        "[]",
        '"text"',
        "1",
        "null",
        "true",
        '{"email_address":"a@b.example","email_address":"c@d.example"}',
        '{"public_metadata":{"k":1,"k":2}}',
        '{"public_metadata":{"k":NaN}}',
        '{"public_metadata":{"k":-Infinity}}',
        '{"email_address":"a@b.example",}',
        '{"email_address":"a@b.example"} {}',
        '{"email_address":"a@b.example"} // comment',
        "{'email_address':'a@b.example'}",
        b'\xef\xbb\xbf{"email_address":"a@b.example"}',
        b'{"email_address":"\xff@b.example"}',
        '{"email_address":"a@b.example"}'.encode("utf-16"),
        "[" * 100_000,
        '{"public_metadata":' + '{"k":' * 50_000,
    ],
)
def test_what_is_no_json_object_is_400(api, faults, body):
    assert faults(api.post(PATH, body)) == (400, [("request_body_invalid", None)])
    assert api.post(PATH, SAID).status_code == 200  # the next request works


def test_null_is_no_body_where_none_is_taken(api, faults):
    """The official Go SDK sends `null` when a revoke has no body."""
    made = api.create().json()
    assert api.post(f"{PATH}/{made['id']}/revoke", "null").json()["status"] == "revoked"
    assert faults(api.post(f"{PATH}/{made['id']}/revoke", "[]"))[0] == 400
    assert faults(api.post(PATH, "null"))[0] == 400


def test_256_kib_are_read_and_one_byte_more_is_413(api, faults):
    padding = " " * (256 * 1024 - len(json.dumps(SAID)))
    assert faults(api.post(PATH, f"{json.dumps(SAID)}{padding} ")) == (
        413,
        [("request_body_too_large", None)],
    )
    assert api.post(PATH, f"{json.dumps(SAID)}{padding}").status_code == 200


def test_a_chunked_body_is_read_as_well(api):
    body = json.dumps(SAID).encode()
    chunked = {"CONTENT_LENGTH": "", "wsgi.input": BytesIO(body), "wsgi.input_terminated": True}
    assert api.generic("POST", PATH, CONTENT_TYPE="application/json", **chunked).status_code == 200


def test_unknown_keys_are_refused_by_name(api, faults):
    answer = api.post(PATH, {**SAID, "role": "admin", "Email_address": "x"})

    assert faults(answer) == (
        422,
        [("form_param_unknown", "role"), ("form_param_unknown", "Email_address")],
    )
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("name", [field.name for field in Invitation._meta.get_fields()])
def test_no_field_of_the_model_can_be_set_but_those_of_the_contract(api, name):
    known = {"email_address", "public_metadata", "redirect_url", "notify", "template_slug"}
    assert api.post(PATH, {**SAID, name: SAID.get(name)}).status_code == (
        200 if name in known else 422
    )


def test_keys_of_metadata_are_free(api):
    metadata = {"anyKey": 1, "__proto__": {}, "email_address": "x"}
    assert api.create(public_metadata=metadata).json()["public_metadata"] == metadata


def test_null_in_an_optional_field_means_not_given(api):
    answer = api.create(
        public_metadata=None,
        redirect_url=None,
        notify=None,
        ignore_existing=None,
        expires_in_days=None,
        template_slug=None,
    ).json()

    assert answer["public_metadata"] == {}
    assert (answer["redirect_url"], answer["notify"], answer["template_slug"]) == (
        None,
        True,
        "invitation",
    )
    assert answer["expires_at"] - answer["created_at"] == 30 * 86_400_000


@pytest.mark.parametrize("address", [None, ""])
def test_null_or_nothing_in_a_required_field_is_nil(api, faults, address):
    assert faults(api.create(address)) == (422, [("form_param_nil", "email_address")])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email_address", 1),
        ("email_address", ["jane@example.com", "eve@example.net"]),
        ("public_metadata", []),
        ("public_metadata", 5),
        ("public_metadata", "{}"),
        ("redirect_url", 1),
        ("redirect_url", {}),
        ("notify", 1),
        ("notify", "true"),
        ("ignore_existing", 0),
        ("expires_in_days", "30"),
        ("expires_in_days", 30.0),
        ("expires_in_days", True),
        ("expires_in_days", []),
        ("template_slug", 1),
    ],
)
def test_no_type_is_bent_to_fit(api, faults, name, value):
    answer = api.post(PATH, {**SAID, name: value})
    assert faults(answer) == (422, [("form_param_value_invalid", name)])


def test_all_parameter_errors_come_in_one_answer(api, faults):
    status, found = faults(
        api.post(f"{PATH}?dry_run=1", {"expires_in_days": 0, "notify": "no", "x": 1})
    )

    assert status == 422
    assert sorted(found) == [
        ("form_param_missing", "email_address"),
        ("form_param_unknown", "dry_run"),
        ("form_param_unknown", "x"),
        ("form_param_value_invalid", "expires_in_days"),
        ("form_param_value_invalid", "notify"),
    ]


def test_thousands_of_errors_make_no_flood(api):
    answer = api.post(PATH, {f"k{number}": 1 for number in range(20_000)})
    assert answer.status_code == 422
    assert len(answer.content) < 50_000
