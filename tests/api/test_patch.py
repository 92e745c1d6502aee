"""PATCH /v1/invitations/{id}: only pending invitations change; links that were already sent follow the change."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Application
from invitations.models import Event, Invitation
from tests.factories import InvitationFactory

DAY = 86_400_000


@pytest.fixture
def made(api):
    return api.create(
        public_metadata={"role": "editor"}, redirect_url="https://app.example.com/a"
    ).json()


def path(made):
    return f"/v1/invitations/{made['id']}"


def test_metadata_are_replaced_whole(api, made):
    answer = api.patch(path(made), {"public_metadata": {"team": 7}}).json()

    assert answer["public_metadata"] == {"team": 7}
    assert answer["updated_at"] >= made["updated_at"]
    assert answer["last_event"] == {"type": "updated", "at": answer["updated_at"]}
    untouched = made.keys() - {"public_metadata", "updated_at", "last_event", "url", "url_channel"}
    assert {name: answer[name] for name in untouched} == {name: made[name] for name in untouched}
    assert "url" not in answer


def test_days_count_from_this_moment(api, made):
    Invitation.objects.update(created_at="2026-01-01T00:00Z", updated_at="2026-01-01T00:00Z")
    answer = api.patch(path(made), {"expires_in_days": 3}).json()
    assert answer["expires_at"] - answer["updated_at"] == 3 * DAY


def test_links_already_sent_follow_the_new_target(api, made):
    api.patch(path(made), {"redirect_url": "https://app.example.com/b"})
    answer = Client().get(made["url"])
    assert answer["Location"].startswith("https://app.example.com/b?__clerk_ticket=")


@pytest.mark.parametrize(
    ("field", "stored"), [("public_metadata", {}), ("redirect_url", None)]
)  # fmt: skip
def test_null_stands_for_the_default(api, made, field, stored):
    assert api.patch(path(made), {field: None}).json()[field] == stored


def test_null_days_are_thirty(api, made):
    answer = api.patch(path(made), {"expires_in_days": None}).json()
    assert answer["expires_at"] - answer["updated_at"] == 30 * DAY


@pytest.mark.parametrize("body", ["", {}])
def test_something_must_be_given(api, faults, made, body):
    assert faults(api.patch(path(made), body)) == (
        422,
        [("form_param_missing", "public_metadata")],
    )
    assert not Event.objects.filter(kind="updated").exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email_address", "eve@example.com", "form_param_unknown"),
        ("notify", False, "form_param_unknown"),
        ("public_metadata", [], "form_param_value_invalid"),
        ("public_metadata", {"k": "x" * 8192}, "form_param_exceeds_allowed_size"),
        ("redirect_url", "", "form_param_format_invalid"),
        ("redirect_url", "/relative", "form_param_format_invalid"),
        ("expires_in_days", 0, "form_param_value_invalid"),
        ("expires_in_days", 366, "form_param_value_invalid"),
        ("expires_in_days", "30", "form_param_value_invalid"),
        ("expires_in_days", 30.0, "form_param_value_invalid"),
        ("expires_in_days", True, "form_param_value_invalid"),
    ],
)
def test_what_create_refuses_is_refused(api, faults, made, field, value, code):
    before = Invitation.objects.values().get()
    assert faults(api.patch(path(made), {field: value})) == (422, [(code, field)])
    assert Invitation.objects.values().get() == before


def test_a_target_must_be_of_a_listed_origin(api, faults, made):
    Application.objects.update(redirect_origins=["https://app.example.com"])
    answer = api.patch(path(made), {"redirect_url": "https://eve.example/"})
    assert faults(answer) == (422, [("form_param_value_invalid", "redirect_url")])


def test_a_wrong_parameter_is_told_before_the_state(api, faults):
    invitation = InvitationFactory(revoked=True)
    answer = api.patch(f"/v1/invitations/{invitation.pk}", {"expires_in_days": 0})
    assert faults(answer) == (422, [("form_param_value_invalid", "expires_in_days")])


def test_nothing_that_can_fail_runs_after_the_commit(api, made):
    with CaptureQueriesContext(connection) as queries:
        api.patch(path(made), {"public_metadata": {}})
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")
