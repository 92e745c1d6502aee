"""An operator erases a row while a request about it runs: the row is gone, and nothing breaks."""

import importlib

import pytest

from accounts import sessions
from accounts.models import Browser, User
from invitations.models import Invitation
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA
from tests.frontend_api.signing_up import begun, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)
GONE = (404, "resource_not_found")


@pytest.fixture
def after(monkeypatch):
    """Call `happens` right after each return of the function with this module and name."""

    def arm(module, name, *, happens):
        module = importlib.import_module(module)
        real = getattr(module, name)

        def answer(*args, **kwargs):
            result = real(*args, **kwargs)
            happens()
            return result

        monkeypatch.setattr(module, name, answer)

    return arm


def erase_invitations():
    Invitation.objects.all().delete()


def test_an_invitation_with_whose_ticket_somebody_signs_up(browser, refused, after):
    ticket = ticket_for(ADA)
    after("accounts.frontend_api.sign_ups", "find_ticket", happens=erase_invitations)
    answer = browser.post("client/sign_ups", strategy="ticket", ticket=ticket)
    assert refused(answer) == (400, "ticket_invalid_code")


def test_an_invitation_with_whose_ticket_somebody_signs_in(browser, refused, after):
    UserFactory(email_address=ADA)
    ticket = ticket_for(ADA)
    after("accounts.frontend_api.sign_ins", "find_ticket", happens=erase_invitations)
    answer = browser.post("client/sign_ins", strategy="ticket", ticket=ticket)
    assert refused(answer) == GONE


def test_an_invitation_whose_sign_up_is_shown(browser, after):
    begun(browser, ticket=ticket_for(ADA))
    after("accounts.frontend_api.client", "newest", happens=erase_invitations)
    assert browser.get("client").status_code == 404
    assert browser.client()["sign_up"] is None


def test_a_user_of_whom_the_ticket_was_judged(browser, refused, monkeypatch):
    UserFactory(email_address=ADA)
    ticket = ticket_for(ADA)
    real = User.objects.all().first

    def erased_at_once(_self):
        person = real()
        User.objects.all().delete()
        return person

    monkeypatch.setattr(type(User.objects.all()), "first", erased_at_once)
    answer = browser.post("client/sign_ins", strategy="ticket", ticket=ticket)
    assert refused(answer) == GONE


@pytest.mark.parametrize("moment", [(sessions, "open_for_application"), (Browser, "renew")])
def test_a_user_whose_session_begins(browser, before, moment):
    ada = UserFactory(email_address=ADA)
    before(*moment, happens=lambda: User.objects.get(pk=ada.pk).erase(by=None))
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert answer.status_code == 404
    assert browser.client()["sessions"] == []
