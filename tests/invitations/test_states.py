"""Every action in every state (docs/design.md#states-of-an-invitation)."""

import pytest
from django.test import Client

from accounts.addresses import normalise_email
from accounts.sign_up import sign_up_with_ticket
from invitations.models import Invitation, InvitationClosed, InvitationRefused, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = normalise_email("ada@example.com")
STATES = ["pending", "expired", "revoked", "accepted"]
# The new state. A minus means: refused with this reason, and unchanged.
TABLE = {
    "visit": "pending expired revoked accepted",
    "sign_up": "accepted -expired -revoked -accepted",
    "accept_another": "revoked expired revoked accepted",
    "revoke": "revoked revoked -revoked -accepted",
    "change": "pending -expired -revoked -accepted",
    "resend": "pending pending -revoked -accepted",
    "mint_link": "pending -expired -revoked -accepted",
    "erase": "gone gone gone gone",
    "create_again": "-duplicate expired revoked -address_taken",
    "create_beside": "pending expired revoked accepted",
}
CELLS = [
    (verb, state, outcome)
    for verb, row in TABLE.items()
    for state, outcome in zip(STATES, row.split(), strict=True)
]


class Hands:
    """Each action, done by an admin."""

    def __init__(self, admin):
        self.by = admin.user

    def visit(self, invitation):
        ticket = Ticket.objects.mint(invitation, channel="mail")
        for method in (Client().get, Client().head):
            method("/v1/tickets/accept", {"ticket": ticket}, follow=True)

    def sign_up(self, invitation):
        raw = Ticket.objects.mint(invitation, channel="mail")
        sign_up_with_ticket(Ticket.objects.find(raw), password=PASSWORD)

    def accept_another(self, invitation):
        if invitation.status == "accepted":
            invitation.accepted_user.delete()
        self.sign_up(InvitationFactory(email_address=ADDRESS.email_address, exclusive=False))

    def revoke(self, invitation):
        invitation.revoke(by=self.by)

    def change(self, invitation):
        invitation.change(by=self.by, public_metadata={"role": "editor"})

    def resend(self, invitation):
        invitation.resend(by=self.by)

    def mint_link(self, invitation):
        assert Ticket.objects.find(invitation.mint_link(by=self.by))

    def erase(self, invitation):
        invitation.erase(by=self.by)

    def create_again(self, _invitation, **fields):
        Invitation.objects.create_pending(address=ADDRESS, by=self.by, **fields)

    def create_beside(self, invitation):
        self.create_again(invitation, ignore_existing=True)


@pytest.mark.parametrize(("verb", "state", "outcome"), CELLS)
def test_every_verb_in_every_state(admin, verb, state, outcome):
    invitation = in_state(state)
    before = Invitation.objects.values().get(pk=invitation.pk)
    act = getattr(Hands(admin), verb)
    if outcome.startswith("-"):
        with pytest.raises((InvitationClosed, InvitationRefused)) as refused:
            act(invitation)
        assert refused.value.reason == outcome[1:]
        assert Invitation.objects.values().get() == before
    else:
        act(invitation)
        assert status_of(before["id"]) == outcome


def in_state(state):
    traits = {} if state == "pending" else {state: True}
    if state == "accepted":
        traits["accepted_user"] = UserFactory(email_address=ADDRESS.email_address)
    return InvitationFactory(email_address=ADDRESS.email_address, **traits)


def status_of(invitation_id):
    found = Invitation.objects.filter(pk=invitation_id).first()
    return found.status if found else "gone"
