"""POST /v1/invitations/bulk: all rows or none are created; every failing row is named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Application
from config import counters
from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory, UserFactory

PATH = "/v1/invitations/bulk"


def rows(*names, **fields):
    return [{"email_address": f"{name}@example.com", **fields} for name in names]


def test_all_are_made_and_answered_in_the_order_of_the_rows(api):
    answer = api.post(PATH, rows("zoe", "ada", "mia")).json()

    assert [each["email_address"][:3] for each in answer] == ["zoe", "ada", "mia"]
    for each in answer:
        ticket = Ticket.objects.find(each["url"].partition("ticket=")[2])
        assert (ticket.invitation_id, ticket.channel) == (each["id"], each["url_channel"])
    assert Message.objects.count() == Event.objects.filter(kind="created").count() == 3
    assert counters.total("invitations") == 3


def test_a_row_is_answered_as_a_single_create_is(api):
    single = api.create("a@b.example", public_metadata={"role": "x"}, expires_in_days=7).json()
    [many] = api.post(
        PATH,
        [
            {
                "email_address": " C@d.example",
                "public_metadata": {"role": "x"},
                "expires_in_days": 7,
            }
        ],
    ).json()
    assert many["email_address"] == "c@d.example"
    assert many["expires_at"] - many["created_at"] == 7 * 86_400_000
    changing = {
        "id", "url", "email_address", "created_at", "updated_at", "expires_at", "last_event",
    }  # fmt: skip
    assert many.keys() == single.keys()
    assert {k: many[k] for k in many.keys() - changing} == {
        k: single[k] for k in single.keys() - changing
    }


def test_rows_say_for_themselves_whether_mail_is_sent(api):
    answer = api.post(PATH, [*rows("ada"), *rows("mia", notify=False)]).json()
    assert [each["delivery_status"] for each in answer] == ["queued", "not_requested"]
    assert Message.objects.get().recipient == "ada@example.com"


def test_all_failing_rows_are_told_together_and_nothing_is_made(api):
    UserFactory(email_address="max@example.com")
    InvitationFactory(email_address="ada@example.com")
    InvitationFactory(email_address="mia@example.com")
    answer = api.post(
        PATH, [*rows("ada", "max", "new", "mia"), {"email_address": "x", "notify": 1}, {}]
    )

    assert answer.status_code == 422
    told = [(each["code"], each["meta"]) for each in answer.json()["errors"]]
    assert told == [
        ("form_identifier_exists", {"param_name": "email_address", "index": 1}),
        ("form_param_format_invalid", {"param_name": "email_address", "index": 4}),
        ("form_param_value_invalid", {"param_name": "notify", "index": 4}),
        ("form_param_missing", {"param_name": "email_address", "index": 5}),
        ("duplicate_record", {"email_addresses": ["ada@example.com", "mia@example.com"]}),
    ]
    assert Invitation.objects.count() == 2
    assert not Message.objects.exists()


def test_duplicates_alone_are_400(api, faults):
    api.create("ada@example.com")
    answer = api.post(PATH, rows("mia", "ada"))

    assert faults(answer) == (400, [("duplicate_record", None)])
    assert answer.json()["errors"][0]["meta"] == {"email_addresses": ["ada@example.com"]}
    assert Invitation.objects.count() == 1


def test_the_second_row_of_an_address_is_a_duplicate(api):
    answer = api.post(PATH, rows("ada", "mia", "ada"))
    assert answer.json()["errors"][0]["meta"] == {"email_addresses": ["ada@example.com"]}
    assert not Invitation.objects.exists()


def test_unless_it_ignores_what_exists(api):
    UserFactory(email_address="max@example.com")
    asked = [*rows("ada"), *rows("ada", "max", "max", ignore_existing=True)]
    assert api.post(PATH, asked).status_code == 200
    assert Invitation.objects.pending().count() == 4


@pytest.mark.parametrize("row", [1, "ada@example.com", None, True, [], [{}]])
def test_a_row_that_is_no_object_is_told_by_its_number(api, row):
    answer = api.post(PATH, [*rows("ada"), row])
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "form_param_value_invalid")
    assert error["meta"] == {"index": 1}


def test_a_hundred_wrong_rows_are_all_told(api, settings):
    settings.BULK_SIZE = 1000
    errors = api.post(PATH, [{"email_address": "x"}] * 1000).json()["errors"]
    assert [each["meta"]["index"] for each in errors] == list(range(1000))


@pytest.mark.parametrize("body", ["", "[]"])
def test_no_rows_are_422(api, faults, body):
    assert faults(api.post(PATH, body)) == (422, [("form_param_missing", "email_address")])


def test_an_object_is_no_list(api, faults):
    assert faults(api.post(PATH, rows("ada")[0])) == (400, [("request_body_invalid", None)])


def test_ten_rows_are_the_most_unless_the_operator_allows_more(api, faults, settings):
    eleven = rows(*(f"a{number}" for number in range(11)))
    assert faults(api.post(PATH, eleven)) == (400, [("bulk_size_exceeded", None)])
    assert not Invitation.objects.exists()
    settings.BULK_SIZE = 11
    assert len(api.post(PATH, eleven).json()) == 11


def test_many_rows_with_targets_read_the_settings_with_the_key(api, settings):
    Application.objects.current()
    asked = rows("a", "b", "c", "d", redirect_url="https://app.example.com/")
    with CaptureQueriesContext(connection) as queries:
        assert api.post(PATH, asked).status_code == 200
    assert [
        "accounts_secretkey" in each["sql"]
        for each in queries
        if "accounts_application" in each["sql"]
    ] == [True]


def test_a_target_outside_the_list_is_told_by_its_row(api):
    Application.objects.current()
    Application.objects.update(redirect_origins=["https://app.example.com"])
    asked = [
        *rows("a", redirect_url="https://app.example.com/x"),
        *rows("b", redirect_url="https://eve.example/x"),
    ]
    [error] = api.post(PATH, asked).json()["errors"]
    assert error["code"] == "form_param_value_invalid"
    assert error["meta"] == {"param_name": "redirect_url", "index": 1}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_bulk_is_no_invitations_id(api, method):
    answer = api.generic(method, PATH)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_nothing_that_can_fail_runs_after_the_commit(api):
    with CaptureQueriesContext(connection) as queries:
        api.post(PATH, rows("ada", "mia"))
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")
