"""POST /v1/invitations/{id}/link: a link that the caller hands over; it does not prove the address."""

from invitations.models import Event, Message, Ticket
from invitations.models.guard import AddressGuardManager
from tests.factories import InvitationFactory


def link(api, invitation_id, **kwargs):
    return api.post(f"/v1/invitations/{invitation_id}/link", **kwargs)


def test_a_shared_ticket_is_minted_and_answered_once(api):
    made = api.create().json()
    answer = link(api, made["id"]).json()

    ticket = Ticket.objects.find(answer["url"].partition("ticket=")[2])
    assert (ticket.channel, ticket.proves_address) == ("shared", False)
    assert answer["url_channel"] == "shared"
    assert answer["last_event"]["type"] == "link_created"
    assert answer["updated_at"] == made["updated_at"]
    assert answer["expires_at"] == made["expires_at"]
    assert Event.objects.get(kind="link_created").actor_id == api.key.id
    assert Message.objects.count() == 1


def test_an_expired_invitation_is_to_be_resent_first(api, faults):
    answer = link(api, InvitationFactory(expired=True).pk)
    assert faults(answer) == (400, [("invitation_expired", None)])
    assert "resend" in answer.json()["errors"][0]["long_message"]
    assert not Ticket.objects.exists()


def test_one_that_is_resent_meanwhile_has_a_link(api, admin, before):
    invitation = InvitationFactory(expired=True)
    before(AddressGuardManager, "lock", happens=lambda: invitation.resend(by=admin.user))
    assert link(api, invitation.pk).status_code == 200


def test_it_takes_no_parameters(api, faults):
    invitation = InvitationFactory()
    assert faults(link(api, invitation.pk, body={"x": 1})) == (422, [("form_param_unknown", "x")])
    assert not Ticket.objects.exists()
