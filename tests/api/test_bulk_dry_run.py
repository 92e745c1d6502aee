"""POST /v1/invitations/bulk?dry_run=true: every check runs, and nothing is changed."""

import pytest

from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory, UserFactory

PATH = "/v1/invitations/bulk?dry_run=true"


def verdicts(answer):
    return [each["verdict"] for each in answer.json()["results"]]


def test_each_row_is_judged_and_answered(api):
    InvitationFactory(email_address="ada@example.com")
    asked = [{"email_address": "B1@example.com "}, {"email_address": "ada@example.com"}]
    answer = api.post(PATH, asked)

    assert answer.status_code == 200
    known = {
        "message": "already invited",
        "long_message": "Pending invitations exist for: ada@example.com",
        "code": "duplicate_record",
        "meta": {"index": 1},
    }
    results = [
        {"index": 0, "email_address": "b1@example.com", "verdict": "create"},
        {
            "index": 1,
            "email_address": "ada@example.com",
            "verdict": "duplicate",
            "errors": [known],
        },
    ]
    assert answer.json() == {
        "object": "invitation_dry_run",
        "would_create": 1,
        "results": results,
    }


def test_nothing_is_written_and_nothing_sent(api):
    events = Event.objects.count()
    api.post(PATH, [{"email_address": "ada@example.com"}])
    for table in (Invitation, Message, Ticket):
        assert not table.objects.exists()
    assert Event.objects.count() == events


def test_a_user_is_in_the_way_unless_the_row_ignores_it(api):
    UserFactory(email_address="max@example.com")
    asked = [
        {"email_address": "max@example.com"},
        {"email_address": "max@example.com", "ignore_existing": True},
    ]
    answer = api.post(PATH, asked)
    assert verdicts(answer) == ["existing_user", "create"]
    [error] = answer.json()["results"][0]["errors"]
    assert error["code"] == "form_identifier_exists"
    assert error["meta"] == {"param_name": "email_address", "index": 0}


def test_rows_are_judged_as_if_made_one_after_another(api):
    asked = [{"email_address": "ada@example.com"}, {"email_address": "x"}] * 2
    assert verdicts(api.post(PATH, asked)) == ["create", "invalid", "duplicate", "invalid"]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"email_address": "not an address"}, "not an address"),
        ({"email_address": " Ada@Example.com", "notify": 1}, "ada@example.com"),
        ({"email_address": "half \ud800 a letter"}, "half ? a letter"),
        ({"email_address": "ada@example.com", "\ud800": 1}, "ada@example.com"),
        ({"email_address": 5}, None),
        ({}, None),
        ("ada@example.com", None),
        (None, None),
    ],
)
def test_an_invalid_row_shows_what_was_sent(api, row, shown):
    answer = api.post(PATH, [row])
    [result] = answer.json()["results"]
    assert (answer.status_code, result["verdict"]) == (200, "invalid")
    assert result["email_address"] == shown
    assert {each["meta"]["index"] for each in result["errors"]} == {0}


def test_no_rows_would_make_nothing(api):
    assert api.post(PATH, []).json() == {
        "object": "invitation_dry_run",
        "would_create": 0,
        "results": [],
    }


def test_only_an_unreadable_body_or_too_many_rows_fail(api, faults):
    assert faults(api.post(PATH, "[")) == (400, [("request_body_invalid", None)])
    assert faults(api.post(PATH, [{}] * 11)) == (400, [("bulk_size_exceeded", None)])


@pytest.mark.parametrize("query", ["dry_run=", "dry_run=false", "dry_run=0"])
def test_other_values_make_them(api, query):
    path = f"/v1/invitations/bulk?{query}"
    assert api.post(path, [{"email_address": "ada@example.com"}]).json()[0]["url"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("dryrun=true", ("form_param_unknown", "dryrun")),
        ("dry_run=yes", ("form_param_value_invalid", "dry_run")),
        ("dry_run=true&dry_run=true", ("form_param_duplicate", "dry_run")),
    ],
)
def test_a_mistyped_query_sends_no_mail(api, faults, query, fault):
    answer = api.post(f"/v1/invitations/bulk?{query}", [{"email_address": "ada@example.com"}])
    assert faults(answer) == (422, [fault])
    assert not Invitation.objects.exists()
