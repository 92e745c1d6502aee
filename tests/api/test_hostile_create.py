"""Bad values in every field of POST /v1/invitations."""

import json

import pytest

from invitations.models import Invitation, Message
from tests.api import hostile

PATH = "/v1/invitations"
FIELDS = {
    "email_address": hostile.BAD_ADDRESS,
    "public_metadata": hostile.BAD_METADATA,
    "redirect_url": hostile.BAD_TARGET,
    "notify": hostile.BAD_BOOLEAN,
    "ignore_existing": hostile.BAD_BOOLEAN,
    "expires_in_days": hostile.BAD_DAYS,
    "template_slug": hostile.BAD_SLUG,
}


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = dict.fromkeys(["requests", "create", "bulk", "user_metadata"], 1_000_000)


def valid():
    return {"email_address": hostile.fresh_address()}


def send(api):
    return lambda text: api.post(PATH, text)


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_takes_what_it_must_not(api, field):
    hostile.refuses(send(api), valid, field=field, table=FIELDS[field])
    assert Invitation.objects.count() == Message.objects.count() == len(FIELDS[field])


@pytest.mark.parametrize("field", ["expires_in_days", "public_metadata"])
def test_no_field_takes_what_is_no_json(api, field):
    hostile.refuses_what_is_no_json(send(api), valid, field=field)


def test_what_is_kept_can_be_read_back(api):
    for metadata in hostile.GOOD_METADATA:
        made = api.create(hostile.fresh_address(), public_metadata=metadata).json()
        assert made["public_metadata"] == metadata
        assert api.get(PATH).json()[0]["public_metadata"] == metadata


@pytest.mark.parametrize("text", ["1", "365", "null"])
def test_days_at_their_bounds_are_taken(api, text):
    assert api.post(PATH, hostile.body(valid(), expires_in_days=text)).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "Email_Address",
        "email_address ",
        "emailAddress",
        "email_address\u200b",
        "",
        "k" * 100_000,
        "__proto__",
        "constructor",
        "status",
        "expires_at",
        "role",
        "is_staff",
        "secret_key",
    ],
)
def test_a_key_that_is_nearly_right_is_unknown(api, name):
    status, code, meta = hostile.found(api.post(PATH, {**valid(), name: "x"}))
    assert (status, code) == (422, hostile.UNKNOWN)
    assert meta["param_name"] == name[:100]
    assert api.post(PATH, valid()).status_code == 200


def test_a_body_of_the_largest_size_may_be_one_long_string(api, faults):
    text = json.dumps({"email_address": "x" * (256 * 1024 - 30)})
    assert faults(api.post(PATH, text)) == (422, [(hostile.FORMAT, "email_address")])
    assert api.post(PATH, valid()).status_code == 200
