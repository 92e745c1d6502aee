"""Bad values in rows of POST /v1/invitations/bulk: nothing is created, and the response names the row."""

import pytest

from invitations.models import Event, Invitation, Message, Ticket
from tests.api import hostile
from tests.api.test_hostile_create import FIELDS, valid
from tests.factories import UserFactory

PATH = "/v1/invitations/bulk"


@pytest.fixture(autouse=True)
def patience(settings):
    settings.LIMITS = dict.fromkeys(["requests", "bulk"], 1_000_000)


def send_second(api):
    """Return a function that sends the body as the second of two rows."""
    return lambda text: api.post(PATH, f"[{hostile.body(valid())},{text}]")


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_a_row_takes_what_it_must_not(api, field):
    hostile.refuses(send_second(api), valid, field=field, table=FIELDS[field], index=1)
    made = 2 * len(FIELDS[field])  # rows of the valid requests; a refused request creates none
    assert Invitation.objects.count() == Message.objects.count() == Ticket.objects.count() == made


def test_no_row_takes_what_is_no_json(api):
    hostile.refuses_what_is_no_json(send_second(api), valid, field="public_metadata")


@pytest.mark.parametrize("row", ["null", "1", '"x"', "[]", "true", '"ada@example.com"'])
def test_a_row_that_is_no_object_is_named(api, row):
    status, code, meta = hostile.found(send_second(api)(row))
    assert (status, code, meta) == (422, hostile.VALUE, {"index": 1})
    assert not Invitation.objects.exists()
    hostile.works(send_second(api), valid)


@pytest.mark.parametrize(
    "body", ["null", "{}", '"x"', "1", '{"0": {}}', "[" * 100_000, "[{}", "[,]"]
)
def test_what_is_no_array_is_400(api, body):
    assert hostile.found(api.post(PATH, body)) == (400, hostile.SYNTAX, {})
    hostile.works(send_second(api), valid)


@pytest.mark.parametrize("body", ["[]", ""])
def test_no_rows_are_missing_rows(api, body):
    status, code, _meta = hostile.found(api.post(PATH, body))
    assert (status, code) == (422, hostile.MISSING)


def test_one_row_too_many_is_too_many(api, settings):
    settings.BULK_SIZE = 3
    assert api.post(PATH, [valid() for _ in range(3)]).status_code == 200
    status, code, _meta = hostile.found(api.post(PATH, [valid() for _ in range(4)]))
    assert (status, code) == (400, "bulk_size_exceeded")
    assert Invitation.objects.count() == 3


def test_every_spoilt_row_is_named_and_none_is_made(api, faults):
    UserFactory(email_address="taken@example.com")
    api.create("asked@example.com")
    before = Event.objects.count()
    rows = [{"email_address": "taken@example.com"}, {"email_address": "asked@example.com"}]
    answer = api.post(PATH, [valid(), *rows, {"email_address": "x", "role": "admin"}, {}])
    found = {(each["code"], each["meta"].get("index")) for each in answer.json()["errors"]}
    assert found == {
        ("form_identifier_exists", 1),
        ("duplicate_record", None),
        (hostile.FORMAT, 3),
        (hostile.UNKNOWN, 3),
        (hostile.MISSING, 4),
    }
    assert answer.status_code == 422
    assert (Invitation.objects.count(), Event.objects.count()) == (1, before)


def test_one_mailbox_in_two_spellings_is_one_address(api):
    rows = [
        {"email_address": "ada@münchen.example"},
        {"email_address": "ADA@xn--mnchen-3ya.example"},
    ]
    status, code, meta = hostile.found(api.post(PATH, rows))
    assert (status, code) == (400, "duplicate_record")
    assert meta == {"email_addresses": ["ada@xn--mnchen-3ya.example"]}


@pytest.mark.parametrize(
    "query", ["dry_run=yes", "dry_run=TRUE", "dryrun=true", "dry_run=2", "Dry_Run=1"]
)
def test_a_mistyped_dry_run_makes_nothing(api, query):
    answer = api.post(f"{PATH}?{query}", [valid()])
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_dry_run_judges_every_spoilt_row_and_makes_nothing(api, settings):
    settings.BULK_SIZE = 1000
    texts = [hostile.body(valid(), **{name: text}) for name in FIELDS for text in FIELDS[name]]
    answer = api.post(f"{PATH}?dry_run=true", f"[{','.join([*texts, hostile.body(valid())])}]")
    *spoilt, good = answer.json()["results"]
    assert (answer.status_code, good["verdict"]) == (200, "create")
    for index, result in enumerate(spoilt):
        assert (result["index"], result["verdict"]) == (index, "invalid")
        assert result["errors"][0]["meta"]["index"] == index
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()
