"""Which session a sign-up opens: a planted session is worth nothing; a link or an empty password opens none."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import User
from invitations.models import Ticket
from tests.accounts.test_sign_up import arrive
from tests.accounts.test_sign_up_code import SAID, mailed_code
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted(stranger):
    """The cookies that an attacker put into the visitor's browser earlier, and still has."""
    UserFactory()
    stranger.get("/password/reset")
    session = stranger.session  # creates a session and its cookie
    session["planted"] = True
    session.save()
    other = Client()
    other.cookies["ollio_session_8000"] = session.session_key
    return other


def assert_nothing_is_shared(visitor, planted, token):
    assert get_user(visitor).is_authenticated
    assert (
        visitor.cookies["ollio_session_8000"].value != planted.cookies["ollio_session_8000"].value
    )
    assert visitor.cookies["ollio_csrf_8000"].value != token
    assert "_auth_user_id" not in planted.session
    assert planted.get("/account")["Location"].startswith("/sign-in")


def test_a_planted_session_stays_anonymous_after_an_invited_sign_up(stranger, planted):
    token = stranger.cookies["ollio_csrf_8000"].value
    arrive(stranger, InvitationFactory())
    stranger.post("/sign-up", {"password": PASSWORD})
    assert_nothing_is_shared(stranger, planted, token)


def test_a_planted_session_stays_anonymous_after_a_sign_up_by_code(stranger, planted):
    token = stranger.cookies["ollio_csrf_8000"].value
    stranger.post("/sign-up", SAID)
    stranger.post("/sign-up/code", {"code": mailed_code()})
    assert_nothing_is_shared(stranger, planted, token)


@pytest.mark.parametrize("state", ["pending", "accepted", "revoked", "expired"])
@pytest.mark.parametrize("has_account", [False, True])
def test_looking_at_a_link_signs_nobody_in(stranger, state, has_account):
    invitation = InvitationFactory(**({} if state == "pending" else {state: True}))
    if has_account:
        UserFactory(email_address=invitation.email_address)
    arrive(stranger, invitation)
    stranger.head("/v1/tickets/accept", {"ticket": Ticket.objects.mint(invitation, channel="mail")})
    assert "_auth_user_id" not in stranger.session
    assert stranger.get("/account").status_code == 302


@pytest.mark.parametrize("kept", [PASSWORD, None, ""])
@pytest.mark.parametrize("typed", ["", " ", "\u0000", "!"])
def test_an_empty_password_never_signs_in(stranger, kept, typed):
    UserFactory(email_address="ada@example.com", password=kept)
    assert sign_in(stranger, password=typed).status_code == 200
    assert "_auth_user_id" not in stranger.session


def test_an_account_without_a_password_has_one_that_nothing_matches():
    assert not UserFactory(password=None).has_usable_password()


def test_a_sign_up_without_a_password_makes_nobody(stranger):
    arrive(stranger, InvitationFactory())
    for password in ("", " ", "\u0000"):
        stranger.post("/sign-up", {"password": password})
    assert not User.objects.exists()
