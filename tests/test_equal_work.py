"""An unknown secret costs the same as a nearly right one: the same statements, and one look-up by hash.

The tests compare work instead of time, because times vary on a busy machine.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Ticket
from tests.accounts.visiting import sign_in
from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory

pytestmark = pytest.mark.django_db
_HASH = re.compile("[0-9a-f]{64}")


def spoilt(secret):
    """Change the last character. It carries only two bits, so the new one must differ in them."""
    return secret[:-1] + ("A" if secret[-1] not in "ABCD" else "Q")


def work(visit):
    """Return the status of a visit, the number of its look-ups, and its SQL statements without values."""
    with CaptureQueriesContext(connection) as queries:
        status = visit().status_code
    statements = [each["sql"] for each in queries]
    looked_up = sum(len(set(_HASH.findall(sql))) for sql in statements)
    return status, looked_up, [re.sub("'[^']*'|[0-9]+", "?", sql) for sql in statements]


def test_a_key_with_a_wrong_last_character_costs_what_an_unknown_one_does(stranger):
    raw = SecretKeyFactory().raw

    def use(token):
        headers = {"Authorization": f"Bearer {token}"}
        return work(lambda: stranger.get("/v1/invitations", headers=headers))

    use("x")  # the first request of a window uses another statement
    unknown = use(f"{raw[:8]}{'x' * 43}")
    assert unknown[:2] == (401, 1)
    assert use(spoilt(raw)) == use(raw[:-1]) == use(raw + "x") == use("x") == unknown
    assert use(raw)[0] == 200


def test_a_revoked_key_costs_what_an_unknown_one_does(stranger):
    key = SecretKeyFactory()
    key.revoke(by=None)

    def use(token):
        headers = {"Authorization": f"Bearer {token}"}
        return work(lambda: stranger.get("/v1/invitations", headers=headers))

    use("x")
    assert use(key.raw) == use("x")


def test_a_ticket_with_a_wrong_last_character_costs_what_an_unknown_one_does(stranger):
    raw = Ticket.objects.mint(InvitationFactory(), channel="mail")

    def use(ticket):
        return work(lambda: stranger.get("/v1/tickets/accept", {"ticket": ticket}))

    use(f"olt_{'y' * 43}")
    unknown = use(f"olt_{'x' * 43}")
    assert unknown[:2] == (400, 1)
    assert use(spoilt(raw)) == use(raw.swapcase().replace("OLT_", "olt_")) == unknown
    assert use(raw)[0] == 303


@pytest.mark.usefixtures("still_windows")
def test_a_wrong_password_costs_the_same_whoever_it_is_for(stranger):
    UserFactory(email_address="ada@example.com")
    UserFactory(email_address="bob@example.com")

    def guess(address):
        return work(lambda: sign_in(stranger, address=address, password="wrong password"))

    guess("ada@example.com")  # the first request of a client in a window uses another statement
    known, unknown, none = map(guess, ("bob@example.com", "eve@example.com", "no address"))
    assert known == unknown == none
    traces = [sql for sql in known[2] if "security_event" in sql]
    assert len(traces) == 1
