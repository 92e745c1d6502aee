"""Resending or changing an invitation while it is being accepted."""

from collections import Counter

import pytest

from accounts.models import User
from invitations.models import Event, Invitation, InvitationClosed, Ticket
from invitations.models.message import State
from tests.factories import InvitationFactory, UserFactory
from tests.faults.conftest import FEWER
from tests.faults.race import IN, UNLIMITED, USED, HeadStart, Visitor, tell


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.LIMITS = UNLIMITED


@pytest.fixture
def operator(world):
    return UserFactory(operator=True)


@pytest.fixture
def head_start():
    return HeadStart()


def arrive(invitation):
    return Visitor(password="seven wet penguins").open(invitation.raw_ticket)


def closed_as(result):
    """Return the reason of a refusal, or "" for a success."""
    assert result is None or isinstance(result, InvitationClosed), result
    return str(result.reason) if result else ""


def states(invitation):
    return Counter(invitation.messages.values_list("state", flat=True))


def test_no_mail_leaves_after_acceptance_and_every_ticket_is_dead(
    world, sink, operator, invite, gate, audit, head_start, request
):
    refusals, tickets = Counter(), []
    for number in range(FEWER):
        invitation = invite(f"ada{number}@example.com", channel="api")
        visitor, again = arrive(invitation), Invitation.objects.get(pk=invitation.pk)
        calls = [visitor.sign_up, lambda again=again: again.resend(by=operator, channel="api")]
        _nothing, result = gate([head_start.first(calls[0]), head_start.second(calls[1])])
        reason = closed_as(result)
        assert visitor.destination == IN
        assert states(invitation) == {State.CANCELLED: 1 if reason else 2}
        tickets += [invitation.raw_ticket, *([] if reason else [again.raw_ticket])]
        assert Ticket.objects.filter(invitation=invitation).count() == (1 if reason else 2)
        head_start.after_win(by_first=bool(reason))
        refusals.update([reason or "resent first"])
    for ticket in tickets:
        page = visitor.get(f"/v1/tickets/accept?ticket={ticket}")
        assert page["Location"].endswith(USED)
    world.run_worker()
    assert sink.mails == []
    audit(secrets=tickets)
    tell(request, f"{FEWER} rounds of resend against accept: {dict(refusals)}")
    assert set(refusals) == {"accepted", "resent first"}, "only one order was seen"


def test_an_expired_one_that_comes_back_is_closed_or_comes_after(
    operator, invite, gate, audit, head_start, request
):
    """Two invitations of one address; the older one is expired and resent. In any order, it is not pending after the
    other was accepted, unless it was resent later.
    """
    orders = Counter()
    for number in range(FEWER):
        address = f"ada{number}@example.com"
        old = InvitationFactory(email_address=address, expired=True, notify=False)
        Event.objects.create(subject=old.pk, kind="created")
        new = invite(address, channel="api")
        visitor, again = arrive(new), Invitation.objects.get(pk=old.pk)
        calls = [visitor.sign_up, lambda again=again: again.resend(by=operator)]
        _nothing, result = gate([head_start.first(calls[0]), head_start.second(calls[1])])
        assert closed_as(result) == ""
        assert visitor.destination == IN
        old.refresh_from_db()
        superseded = old.status == "revoked"
        assert states(old) == {State.CANCELLED if superseded else State.QUEUED: 1}
        head_start.after_win(by_first=not superseded)
        orders.update(["resent first" if superseded else "accepted first"])
    audit()
    tell(request, f"{FEWER} rounds of a revival against accept: {dict(orders)}")
    assert len(orders) == 2, "only one order was seen"


def test_whoever_accepts_gets_the_metadata_the_invitation_ends_with(
    operator, invite, gate, audit, head_start, request
):
    orders = Counter()
    for number in range(FEWER):
        invitation = invite(
            f"ada{number}@example.com", channel="api", public_metadata={"role": "reader"}
        )
        visitor, known = arrive(invitation), Invitation.objects.get(pk=invitation.pk)
        calls = [
            visitor.sign_up,
            lambda known=known: known.change(by=operator, public_metadata={"role": "editor"}),
        ]
        _nothing, result = gate([head_start.first(calls[0]), head_start.second(calls[1])])
        reason = closed_as(result)
        assert visitor.destination == IN
        user = User.objects.get(email_key=invitation.email_key)
        assert user.public_metadata == {"role": "reader" if reason else "editor"}
        head_start.after_win(by_first=bool(reason))
        orders.update([reason or "changed first"])
    audit()
    tell(request, f"{FEWER} rounds of change against accept: {dict(orders)}")
    assert len(orders) == 2, "only one order was seen"
