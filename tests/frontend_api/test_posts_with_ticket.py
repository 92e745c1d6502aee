"""On an application's page, too: a post with the ticket of an open invitation counts against that ticket."""

import pytest

from accounts.models import User
from invitations.models import Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api import signing_in
from tests.frontend_api.signing_up import attempt, begin, begun, mailed_code, prepare, ticket_for

pytestmark = pytest.mark.usefixtures("still_windows")
HELD_BACK = 429
PUPILS = [f"pupil{number}@example.com" for number in range(6)]


@pytest.fixture(autouse=True)
def few(settings):
    settings.LIMITS = dict.fromkeys(("frontend_sign_up", "frontend_sign_in", "code_tried"), 3)


def test_all_who_are_invited_begin_and_finish_from_one_address(new_browser):
    for address in PUPILS:
        browser = new_browser()
        path = begun(browser, ticket=ticket_for(address))
        assert browser.patch(path, password=PASSWORD).status_code == 200
    assert User.objects.count() == len(PUPILS)


def test_all_at_one_stroke_too(new_browser):
    for address in PUPILS:
        answer = begin(new_browser(), ticket=ticket_for(address), password=PASSWORD)
        assert answer.json()["response"]["status"] == "complete"


def test_one_ticket_is_limited_whatever_is_said(browser):
    ticket = ticket_for()
    statuses = [begin(browser, ticket=ticket).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, HELD_BACK]


def test_what_is_refused_counts_against_the_address_too(new_browser):
    refused = [begin(new_browser(), ticket=ticket_for(each), password="short") for each in PUPILS]
    assert [answer.status_code for answer in refused][:4] == [422, 422, 422, HELD_BACK]
    assert begin(new_browser(), email_address="eve@example.com").status_code == HELD_BACK
    assert begin(new_browser(), ticket=ticket_for("ada@example.com")).status_code == 200


@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_the_ticket_of_a_closed_invitation_spares_nobody(new_browser, state):
    statuses = [
        begin(new_browser(), ticket=ticket_for(each, **{state: True})).status_code
        for each in PUPILS
    ]
    assert statuses[:4] == [400, 400, 400, HELD_BACK]


def test_a_text_that_is_no_ticket_counts_against_the_address(new_browser):
    statuses = [begin(new_browser(), ticket="olt_x").status_code for _ in range(4)]
    assert statuses == [400, 400, 400, HELD_BACK]


def test_codes_of_shared_links_are_tried_per_ticket(new_browser):
    for address in PUPILS:
        browser = new_browser()
        path = begun(browser, ticket=ticket_for(address, channel="shared"), password=PASSWORD)
        prepare(browser, path)
        assert attempt(browser, path, mailed_code()).json()["response"]["status"] == "complete"


def test_those_who_have_an_account_are_spared_as_well(new_browser):
    for address in PUPILS:
        UserFactory(email_address=address)
        ticket = Ticket.objects.mint(InvitationFactory(email_address=address), channel="mail")
        browser = new_browser()
        sign_in = browser.post("client/sign_ins", strategy="ticket", ticket=ticket)
        signing_in.prepare(browser, sign_in)
        done = signing_in.attempt(browser, sign_in, code=signing_in.newest_code())
        assert done.json()["response"]["status"] == "complete"
    assert not Invitation.objects.pending().exists()
