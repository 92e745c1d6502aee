"""POST /v1/invitations/{id}/revoke: successful calls and refusals."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Event, Invitation, Message
from tests.factories import InvitationFactory


def _revoke(api, invitation_id, **kwargs):
    return api.post(f"/v1/invitations/{invitation_id}/revoke", **kwargs)


def test_a_pending_invitation_ends(api):
    made = api.create().json()
    answer = _revoke(api, made["id"]).json()

    assert (answer["id"], answer["status"], answer["revoked"]) == (made["id"], "revoked", True)
    assert answer["revoked_at"] >= made["created_at"]
    assert answer["updated_at"] >= made["updated_at"]
    assert answer["last_event"]["type"] == "revoked"
    assert answer["delivery_status"] == "cancelled"
    assert "url" not in answer


def test_unsent_mail_is_cancelled_and_the_key_is_named(api):
    _revoke(api, api.create().json()["id"])

    assert Message.objects.get().state == "cancelled"
    assert Event.objects.get(kind="revoked").actor_id == api.key.id


def test_an_expired_invitation_can_be_revoked(api):
    invitation = InvitationFactory(expired=True)
    assert _revoke(api, invitation.pk).json()["status"] == "revoked"


def test_twice_is_an_error_without_effect(api, faults):
    invitation = api.create().json()["id"]
    _revoke(api, invitation)
    before = Invitation.objects.get().updated_at

    assert faults(_revoke(api, invitation)) == (400, [("invitation_already_revoked", None)])
    assert Event.objects.filter(kind="revoked").count() == 1
    assert Invitation.objects.get().updated_at == before


def test_an_accepted_invitation_cannot_be_revoked(api, faults):
    invitation = InvitationFactory(accepted=True)

    assert faults(_revoke(api, invitation.pk)) == (400, [("invitation_already_accepted", None)])
    assert Invitation.objects.get().status == "accepted"


@pytest.mark.parametrize(
    "invitation_id",
    [
        "inv_000000000000000000000000000",
        "<invitation_id>",
        "[object%20Object]",
        "1",
        "inv_",
        "inv_%00",
        "inv_00000000000000000000000000%00",
        "inv_00000000000000000000000000%0A",
        "%FF",
        "user_000000000000000000000000000",
        "x" * 5000,
    ],
)
def test_an_unknown_or_malformed_id_is_404(api, faults, invitation_id):
    assert faults(_revoke(api, invitation_id)) == (404, [("resource_not_found", None)])


def test_it_takes_no_parameters(api, faults):
    invitation = api.create().json()["id"]

    assert faults(_revoke(api, invitation, body={"reason": "x"})) == (
        422,
        [("form_param_unknown", "reason")],
    )
    assert faults(api.post(f"/v1/invitations/{invitation}/revoke?x=1")) == (
        422,
        [("form_param_unknown", "x")],
    )
    assert _revoke(api, invitation, body={}).status_code == 200


def test_nothing_that_can_fail_runs_after_the_commit(api):
    invitation = api.create().json()["id"]
    with CaptureQueriesContext(connection) as queries:
        _revoke(api, invitation)
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")


def test_a_new_invitation_may_follow(api):
    _revoke(api, api.create().json()["id"])
    assert api.create().status_code == 200
