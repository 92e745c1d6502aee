"""A visitor is about to enter the mailed code when another sign-up takes the address or the invitation. The page
explains what happened to the invitation.
"""

from functools import partial
from importlib import import_module

import pytest

from accounts.models import Application, SignUp
from accounts.sign_up import sign_up_with_ticket
from invitations.models import Invitation, Ticket
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import LONG_AGO, mailed_code, set_mode, ticket_for

pytestmark = pytest.mark.django_db
MODES = ["public", "restricted"]


@pytest.fixture
def ada(stranger):
    """Ada at the form, with a link that came in a chat message."""
    Application.objects.current()
    stranger.get(f"/v1/tickets/accept?ticket={ticket_for(channel='shared')}", follow=True)
    return stranger


def accept():
    raw = Ticket.objects.mint(Invitation.objects.get(), channel="mail")
    sign_up_with_ticket(Ticket.objects.find(raw), password="the other one's own")


def choose_password(ada):
    return ada.post("/sign-up", {"password": PASSWORD}, follow=True)


def type_code(ada):
    return ada.post("/sign-up/code", {"code": mailed_code()}, follow=True)


def ask_again(ada):
    SignUp.objects.update(code_sent_at=LONG_AGO)
    return ada.post("/sign-up/code/again", follow=True)


@pytest.mark.parametrize("mode", MODES)
def test_before_the_code_leaves(ada, before, mode):
    set_mode(mode)
    before(SignUp, "check_pause", happens=accept)
    assert "used already" in choose_password(ada).text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("deed", [type_code, ask_again])
def test_before_the_code_is_typed_or_asked_for_again(ada, mode, deed):
    set_mode(mode)
    choose_password(ada)
    accept()
    assert "used already" in deed(ada).text


def test_while_another_code_is_asked_for(ada, before):
    choose_password(ada)
    before(SignUp, "check_pause", happens=accept)
    assert "used already" in ask_again(ada).text


@pytest.mark.parametrize("deed", [type_code, ask_again])
def test_whoever_has_got_an_account_is_led_to_sign_in_and_accept(ada, deed):
    choose_password(ada)
    UserFactory(email_address="ada@example.com")
    page = deed(ada)
    assert page.redirect_chain[-1][0] == "/sign-in?next=%2Faccept-invitation"


@pytest.mark.parametrize("deed", [type_code, ask_again])
def test_a_revoked_invitation_is_told(ada, admin, deed):
    choose_password(ada)
    Invitation.objects.get().revoke(by=admin.user)
    assert "withdrawn" in deed(ada).text


@pytest.mark.parametrize(("deed", "verb"), [(type_code, "finish"), (ask_again, "send_code")])
def test_an_invitation_that_is_erased_at_this_very_moment(ada, admin, before, deed, verb):
    choose_password(ada)
    erase = partial(Invitation.objects.get().erase, by=admin.user)
    before(import_module("accounts.views.sign_up_code"), verb, happens=erase)
    page = deed(ada)
    assert (page.status_code, page.redirect_chain[-1][0]) == (200, "/sign-up")


def test_another_code_that_is_asked_for_too_late_leads_back(stranger, before):
    said = {"email_address": "eve@example.com", "password": PASSWORD}
    stranger.post("/sign-up", said)
    before(SignUp, "check_pause", happens=SignUp.objects.all().delete)
    assert ask_again(stranger).redirect_chain[-1][0] == "/sign-up"


@pytest.mark.parametrize("mode", MODES)
def test_looking_for_a_code_does_not_lose_the_ticket_of_another_tab(stranger, mode):
    Application.objects.current()
    set_mode(mode)
    stranger.get(f"/v1/tickets/accept?ticket={ticket_for()}", follow=True)
    for _ in range(2):
        assert "ada@example.com" in stranger.get("/sign-up/code", follow=True).text


@pytest.mark.parametrize("deed", [type_code, ask_again])
def test_an_erased_invitation_is_one_that_nobody_knows(ada, admin, deed):
    choose_password(ada)
    Invitation.objects.get().erase(by=admin.user)
    page = deed(ada)
    assert (page.status_code, page.redirect_chain[-1][0]) == (200, "/sign-up")
