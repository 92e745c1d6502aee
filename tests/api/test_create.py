"""POST /v1/invitations: successful calls and refusals."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory, UserFactory

DAY = 86_400_000


def test_an_invitation_is_made_and_answered_whole(api):
    answer = api.create("Ada@Example.com ", public_metadata={"role": "editor"}).json()

    ticket = answer.pop("url").removeprefix("http://localhost:8000/v1/tickets/accept?ticket=")
    assert re.fullmatch("olt_[A-Za-z0-9_-]{43}", ticket)
    assert re.fullmatch("inv_[0-9A-Za-z]{27}", answer["id"])
    assert answer["expires_at"] - answer["created_at"] == 30 * DAY
    assert answer == {
        "object": "invitation",
        "id": Invitation.objects.get().pk,
        "email_address": "ada@example.com",
        "public_metadata": {"role": "editor"},
        "status": "pending",
        "url_channel": "api",
        "redirect_url": None,
        "destination": "http://localhost:8000/sign-up",
        "notify": True,
        "template_slug": "invitation",
        "inviter": {"type": "secret_key", "id": api.key.id, "name": "Back office"},
        "created_at": answer["created_at"],
        "updated_at": answer["created_at"],
        "expires_at": answer["expires_at"],
        "accepted_at": None,
        "revoked_at": None,
        "accepted_user_id": None,
        "delivery_status": "queued",
        "last_event": {"type": "created", "at": answer["created_at"]},
    }


def test_the_link_holds_a_ticket_of_channel_api(api):
    raw = api.create().json()["url"].partition("ticket=")[2]
    ticket = Ticket.objects.find(raw)

    assert ticket.channel == "api"
    assert ticket.proves_address


def test_row_mail_and_event_are_written(api):
    api.create()

    assert Message.objects.get().recipient == "ada@example.com"
    event = Event.objects.get(kind="created")
    assert (event.subject, event.actor_id) == (Invitation.objects.get().pk, api.key.id)


def test_without_notify_no_mail_is_written(api):
    answer = api.create(notify=False).json()

    assert (answer["notify"], answer["delivery_status"]) == (False, "not_requested")
    assert "ticket=olt_" in answer["url"]
    assert not Message.objects.exists()


def test_nothing_that_can_fail_runs_after_the_commit(api):
    with CaptureQueriesContext(connection) as queries:
        api.create()
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")


def test_a_pending_invitation_of_the_address_stands_in_the_way(api):
    api.create("ada@example.com")
    answer = api.create("ADA@example.com")

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "message": "already invited",
            "long_message": "Pending invitations exist for: ada@example.com",
            "code": "duplicate_record",
            "meta": {"email_addresses": ["ada@example.com"]},
        }
    ]


@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_an_invitation_that_is_over_does_not(api, state):
    InvitationFactory(email_address="ada@example.com", **{state: True})
    assert api.create("ada@example.com").status_code == 200


def test_a_user_with_the_address_does(api, faults):
    UserFactory(email_address="ada@example.com")
    answer = api.create("Ada@example.com")
    assert faults(answer) == (422, [("form_identifier_exists", "email_address")])


def test_ignore_existing_passes_both(api):
    UserFactory(email_address="ada@example.com")
    first = api.create("ada@example.com", ignore_existing=True)
    second = api.create("ada@example.com", ignore_existing=True)

    assert (first.status_code, second.status_code) == (200, 200)
    assert Invitation.objects.pending().count() == 2
