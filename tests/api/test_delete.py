"""DELETE /v1/invitations/{id}."""

import pytest
from django.test import Client

from config import counters
from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory


@pytest.mark.parametrize("trait", ["pending", "expired", "accepted", "revoked"])
def test_an_invitation_is_deleted_in_any_status(api, trait):
    invitation = InvitationFactory(**({} if trait == "pending" else {trait: True}))
    answer = api.delete(f"/v1/invitations/{invitation.pk}")

    assert answer.status_code == 200
    assert answer.json() == {"object": "invitation", "id": invitation.pk, "deleted": True}
    assert not Invitation.objects.exists()
    assert counters.total("invitations") == 0


def test_its_link_is_unknown_then(api, faults):
    made = api.create().json()
    api.delete(f"/v1/invitations/{made['id']}")
    answer = Client().get(made["url"], headers={"Accept": "application/json"})
    assert faults(answer) == (400, [("ticket_invalid_code", None)])


def test_mail_and_tickets_go_and_the_event_stays(api):
    made = api.create().json()
    api.delete(f"/v1/invitations/{made['id']}")
    assert not Message.objects.exists()
    assert not Ticket.objects.exists()
    last = Event.objects.filter(subject=made["id"]).latest("id")
    assert (last.kind, last.actor_id) == ("deleted", api.key.id)


def test_twice_is_404(api, faults):
    path = f"/v1/invitations/{api.create().json()['id']}"
    api.delete(path)
    assert faults(api.delete(path)) == (404, [("resource_not_found", None)])


def test_a_new_invitation_may_follow(api):
    api.delete(f"/v1/invitations/{api.create().json()['id']}")
    assert api.create().status_code == 200


def test_it_takes_no_parameters(api, faults):
    path = f"/v1/invitations/{InvitationFactory().pk}"
    assert faults(api.delete(f"{path}?x=1")) == (422, [("form_param_unknown", "x")])
    assert Invitation.objects.exists()
