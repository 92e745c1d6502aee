"""Every call in every state of an invitation, as a program sees it."""

import pytest

from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory

STATES = ["pending", "expired", "revoked", "accepted"]
REVOKED, ACCEPTED = "invitation_already_revoked", "invitation_already_accepted"
TABLE = {
    "POST revoke": [200, 200, REVOKED, ACCEPTED],
    "PATCH": [200, "invitation_expired", REVOKED, ACCEPTED],
    "POST resend": [200, 200, REVOKED, ACCEPTED],
    "POST link": [200, "invitation_expired", REVOKED, ACCEPTED],
    "DELETE": [200, 200, 200, 200],
    "GET": [200, 200, 200, 200],
}
CELLS = [
    (call, state, outcome)
    for call, row in TABLE.items()
    for state, outcome in zip(STATES, row, strict=True)
]


@pytest.mark.parametrize(("call", "state", "outcome"), CELLS)
def test_every_call_in_every_state(api, faults, call, state, outcome):
    invitation = InvitationFactory(**({} if state == "pending" else {state: True}))
    before = written()
    answer = ask(api, call, invitation)
    if outcome == 200:
        assert answer.status_code == 200
        assert answer.json()["id"] == invitation.pk
    else:
        assert faults(answer) == (400, [(outcome, None)])
        assert written() == before


def ask(api, call, invitation):
    method, _space, verb = call.partition(" ")
    path = f"/v1/invitations/{invitation.pk}{verb and '/'}{verb}"
    if method == "PATCH":
        return api.patch(path, {"public_metadata": {"role": "editor"}})
    return api.generic(method, path)


def written():
    tables = (Invitation, Event, Message, Ticket)
    return [list(table.objects.order_by("pk").values()) for table in tables]
