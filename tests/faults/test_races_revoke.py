"""Revoking an invitation while it is accepted, or revoked by another operator."""

from collections import Counter

import pytest
from django.test import Client

from accounts.models import User
from invitations.models import Event, Invitation
from tests.factories import UserFactory
from tests.faults.conftest import ROUNDS
from tests.faults.race import IN, UNLIMITED, WITHDRAWN, HeadStart, Visitor, tell

FEWER = max(1, ROUNDS // 2)


@pytest.fixture
def operators(world):
    """Two browsers of two operators."""
    browsers = [Client(raise_request_exception=False) for _ in range(2)]
    for browser in browsers:
        browser.force_login(UserFactory(operator=True))
    return browsers


def revoke(browser, invitation):
    def post():
        return browser.post(f"/invitations/{invitation.pk}/revoke", follow=True)

    return post


def test_revoke_and_accept_at_once_have_one_winner(
    operators, invite, gate, audit, settings, request
):
    settings.LIMITS = UNLIMITED
    winners, head_start = Counter(), HeadStart()
    for number in range(ROUNDS):
        invitation = invite(f"ada{number}@example.com", channel="api")
        visitor = Visitor(password="seven wet penguins").open(invitation.raw_ticket)
        _nothing, page = gate(
            [
                head_start.first(visitor.sign_up),
                head_start.second(revoke(operators[0], invitation)),
            ]
        )
        status = Invitation.objects.get(pk=invitation.pk).status
        _check_both_screens(status, invitation=invitation, visitor=visitor, page=page.text)
        head_start.after_win(by_first=status == "accepted")
        winners[str(status)] += 1
    audit()
    tell(request, f"{ROUNDS} rounds of revoke against accept, won by {dict(winners)}")
    assert set(winners) == {"accepted", "revoked"}, "only one order was seen"


def _check_both_screens(status, *, invitation, visitor, page):
    user = User.objects.filter(email_key=invitation.email_key)
    ends = Event.objects.filter(subject=invitation.pk, kind__in=["accepted", "revoked"])
    assert [event.kind for event in ends] == [status]
    if status == "accepted":
        assert visitor.destination == IN
        assert visitor.is_signed_in
        assert user.get().signup_invitation == invitation
        assert "has accepted the invitation already" in page
    else:
        assert visitor.destination == WITHDRAWN
        assert not visitor.is_signed_in
        assert not user.exists()
        assert f"The invitation of {invitation.email_address} is revoked" in page


def test_two_operators_who_revoke_both_see_it_revoked(operators, invite, gate, audit, request):
    for number in range(FEWER):
        invitation = invite(f"ada{number}@example.com")
        pages = gate([revoke(browser, invitation) for browser in operators])
        assert {page.status_code for page in pages} == {200}
        said = sorted("was revoked already" in page.text for page in pages)
        assert said == [False, True]
        assert all("revoked" in page.text for page in pages)
        assert Invitation.objects.get(pk=invitation.pk).status == "revoked"
        assert Event.objects.filter(subject=invitation.pk, kind="revoked").count() == 1
    audit()
    tell(request, f"{FEWER} rounds of 2 revokes, both see it revoked, one event in each")
