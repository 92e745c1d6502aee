"""Many posts of one ticket, and many tickets of one address."""

from collections import Counter

import pytest

from accounts.models import User
from invitations.models import Event, Invitation
from invitations.models.message import State
from tests.faults.conftest import ROUNDS
from tests.faults.race import (
    IN,
    UNLIMITED,
    USED,
    WITHDRAWN,
    HeadStart,
    MeetingHasher,
    Page,
    Visitor,
    check_one_came_in,
    tell,
)

ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.LIMITS = UNLIMITED


@pytest.fixture
def meeting(settings):
    """`meeting(n)`: n sign-ups meet between their last check and their first write."""
    settings.PASSWORD_HASHERS = ["tests.faults.race.MeetingHasher"]
    yield MeetingHasher.expect
    MeetingHasher.expect(1)


def test_sixteen_posts_of_one_ticket_make_one_user(invite, gate, audit, meeting, request):
    meeting(16)
    for number in range(ROUNDS):
        invitation = invite(f"ada{number}@example.com", channel="api")
        browser = Visitor(password="seven wet penguins").open(invitation.raw_ticket)
        tabs = list(browser.tabs(16))
        assert gate([tab.sign_up for tab in tabs]) == [None] * 16
        check_one_came_in(tabs, invitation=invitation)
    audit()
    tell(request, f"{ROUNDS} rounds of 16 posts, all at the UPDATE, one winner in each")


def test_half_by_the_hosted_form_and_half_by_the_frontend_api_make_one_user(
    invite, gate, audit, request
):
    winners, start = Counter(), HeadStart()
    for number in range(ROUNDS):
        invitation = invite(f"ada{number}@example.com", channel="api")
        browsers = [
            door(password=f"seven wet penguins {each}").open(invitation.raw_ticket)
            for each, door in enumerate((Visitor, Page) * 8)
        ]
        forms, pages = browsers[::2], browsers[1::2]
        calls = [start.first(form.sign_up) for form in forms]
        calls += [start.second(page.sign_up) for page in pages]
        assert gate(calls) == [None] * 16
        check_one_came_in(browsers, invitation=invitation)
        by_form = any(form.destination == IN for form in forms)
        start.after_win(by_first=by_form)
        winners["form" if by_form else "page"] += 1
    audit()
    tell(request, f"{ROUNDS} rounds of 8 forms and 8 pages, won by {dict(winners)}")


def test_eight_browsers_with_one_link_make_one_user(invite, gate, audit, request):
    winners = Counter()
    for number in range(ROUNDS):
        invitation = invite(f"ada{number}@example.com", channel="api")
        browsers = [
            Visitor(password=f"seven wet penguins {each}").open(invitation.raw_ticket)
            for each in range(8)
        ]
        assert gate([browser.sign_up for browser in browsers]) == [None] * 8
        check_one_came_in(browsers, invitation=invitation)
        winners.update(index for index, each in enumerate(browsers) if each.destination == IN)
    loser = next(browser for browser in browsers if browser.destination != IN)
    assert "used already" in loser.get(loser.destination).text
    audit()
    tell(request, f"{ROUNDS} rounds of 8 browsers, one winner in each: {dict(winners)}")


@pytest.mark.parametrize(("links", "posts"), [(2, 1), (4, 2)])
def test_of_several_invitations_of_one_address_one_is_accepted(
    links, posts, invite, gate, audit, meeting, request
):
    meeting(links * posts)
    winners = Counter()
    for number in range(ROUNDS):
        invitations = [
            invite(f"ada{number}@example.com", channel="api", ignore_existing=True)
            for _ in range(links)
        ]
        browsers = [
            browser
            for invitation in invitations
            for browser in Visitor(password=invitation.pk).open(invitation.raw_ticket).tabs(posts)
        ]
        assert gate([browser.sign_up for browser in browsers]) == [None] * len(browsers)
        accepted = Invitation.objects.accepted().get(email_key=invitations[0].email_key)
        _check_the_others_ended(accepted, invitations=invitations, browsers=browsers)
        winners.update([invitations.index(accepted)])
    audit()
    tell(request, f"{ROUNDS} rounds of {links} links, one winner in each: {dict(winners)}")


def _check_the_others_ended(accepted, *, invitations, browsers):
    others = Invitation.objects.filter(email_key=accepted.email_key).exclude(pk=accepted.pk)
    for other in others:
        assert other.status == "revoked"
        assert other.closed_reason == "superseded"
        assert Event.objects.filter(subject=other.pk).latest("id").kind == "superseded"
        assert set(other.messages.values_list("state", flat=True)) == {State.CANCELLED}
    assert len(others) == len(invitations) - 1
    assert User.objects.get(email_key=accepted.email_key).signup_invitation == accepted
    told = Counter(browser.destination for browser in browsers)
    used = len(browsers) // len(invitations) - 1  # other holders of the winning link
    assert told == Counter({IN: 1, USED: used, WITHDRAWN: len(browsers) - 1 - used}), told
