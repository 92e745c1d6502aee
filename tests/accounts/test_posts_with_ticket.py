"""A sign-up form with the ticket of an open invitation counts against that ticket's limit. A refused one also counts
against the client's limit.
"""

import pytest
from django.test import Client

from accounts.models import User
from accounts.passwords import PasswordsBusy
from accounts.views import sign_up
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, InvitationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]
HELD_BACK, IN = 429, 302


@pytest.fixture(autouse=True)
def few(settings):
    settings.LIMITS = {"sign_up": 3, "code_tried": 3}


def pupil(*, channel="mail", **fields):
    """Return a browser that has followed the link of its own invitation."""
    ticket = Ticket.objects.mint(InvitationFactory(**fields), channel=channel)
    browser = Client()
    browser.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    return browser


def join(browser, password=PASSWORD):
    return browser.post("/sign-up", {"password": password}).status_code


def uninvited():
    said = {"email_address": "eve@example.com", "password": "short"}
    return Client().post("/sign-up", said).status_code


def test_all_who_are_invited_come_in_from_one_address():
    assert [join(pupil()) for _ in range(6)] == [IN] * 6
    assert User.objects.count() == 6


def test_they_leave_the_count_of_their_address_as_it_was():
    for _ in range(6):
        join(pupil())
    assert [uninvited() for _ in range(4)] == [200, 200, 200, HELD_BACK]


def test_each_ticket_has_its_own_count():
    ada, bob = pupil(), pupil()
    assert [join(ada, "short") for _ in range(4)] == [200, 200, 200, HELD_BACK]
    assert join(bob) == IN


def test_what_is_refused_counts_against_the_address_too():
    assert [join(pupil(), "short") for _ in range(4)] == [200, 200, 200, HELD_BACK]
    assert uninvited() == HELD_BACK


def test_a_full_count_of_the_address_keeps_no_invited_person_out():
    for _ in range(4):
        uninvited()
    assert join(pupil()) == IN


def test_without_a_ticket_every_form_counts_against_the_address(stranger):
    def begin(number):
        said = {"email_address": f"eve{number}@example.com", "password": PASSWORD}
        return Client().post("/sign-up", said).status_code

    assert [begin(number) for number in range(4)] == [IN, IN, IN, HELD_BACK]


def test_who_is_asked_to_come_back_finds_the_ticket_as_it_was(monkeypatch):
    ada = pupil()
    with monkeypatch.context() as busy:

        def refuse(*_args, **_said):
            raise PasswordsBusy

        busy.setattr(sign_up, "sign_up_with_ticket", refuse)
        assert [join(ada) for _ in range(6)] == [503] * 6
    assert join(ada) == IN


def test_codes_of_shared_links_are_tried_per_ticket():
    pupils = [
        pupil(channel="shared", email_address=f"p{number}@example.com") for number in range(5)
    ]
    for number, each in enumerate(pupils):
        each.post("/sign-up", {"password": PASSWORD})
        [mail] = [mail for mail in mails() if mail.to == [f"p{number}@example.com"]]
        assert each.post("/sign-up/code", {"code": code_of(mail)}).status_code == IN
    assert User.objects.count() == 5


def test_a_wrong_code_counts_against_the_address_too():
    pupils = [pupil(channel="shared") for _ in range(4)]
    for each in pupils:
        each.post("/sign-up", {"password": PASSWORD})
    statuses = [each.post("/sign-up/code", {"code": "x"}).status_code for each in pupils]
    assert statuses == [200, 200, 200, HELD_BACK]
    assert Invitation.objects.pending().count() == 4
