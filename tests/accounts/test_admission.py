"""Who may sign up, tried on every way that leads to an account."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver

from accounts.admission import AdmissionRefused, admit
from accounts.models import Application, User
from invitations.models import Ticket
from tests.factories import PASSWORD, InvitationFactory
from tests.test_doors import routes

pytestmark = pytest.mark.django_db

# Views that can create a user, with the request that does it. Add a new one here: the walk below
# calls every other view of the URL table too, and fails if one of them creates a user.
ROADS = {
    "account_signup": {
        "email_address": "eve@example.com",
        "password": PASSWORD,
        "first_name": "Eve",
    },
    "sign_up_code": {"code": "123456"},
    "confirm_invitation": {},
    "set_up": {
        "code": "x",
        "email_address": "eve@example.com",
        "password": PASSWORD,
        "name": "Acme",
    },
}
EVERYTHING = {
    "email": "eve@example.com",
    "email_address": "eve@example.com",
    "login": "eve@example.com",
    "password": PASSWORD,
    "password1": PASSWORD,
    "password2": PASSWORD,
    "code": "123456",
}


def restrict():
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")


def test_public_mode_admits_anybody():
    assert admit(email_key="eve@example.com") == ("public", "public")


def test_an_invitation_admits_its_own_address_while_restricted():
    restrict()
    assert admit(
        email_key="ada@example.com", invitation=InvitationFactory(email_address="ada@example.com")
    )


def test_an_invitation_admits_no_other_address_while_restricted():
    restrict()
    with pytest.raises(AdmissionRefused) as refused:
        admit(
            email_key="eve@example.com",
            invitation=InvitationFactory(email_address="ada@example.com"),
        )
    assert refused.value.rule == "sign_up_mode_restricted"


def test_a_mode_of_the_future_admits_nobody_uninvited():
    Application.objects.current()
    Application.objects.update(sign_up_mode="waitlist")
    with pytest.raises(AdmissionRefused):
        admit(email_key="eve@example.com")


@pytest.mark.parametrize("name", sorted({name for name, _path in routes() if name}))
def test_no_view_makes_a_user_without_a_grant_while_restricted(name, admin):
    restrict()
    before = User.objects.count()
    for path in [path for known, path in routes() if known == name and "^" not in path]:
        for browser in (Client(), admin):
            browser.post(path, ROADS.get(name, EVERYTHING))
            browser.get(path, EVERYTHING)
    assert User.objects.count() == before


def test_every_view_that_creates_users_is_in_the_list():
    known = set(ROADS)
    makers = set()
    for pattern in get_resolver().url_patterns:
        view = getattr(pattern, "callback", None)
        source = getattr(view, "__module__", "")
        if (
            view
            and re.search(r"sign_up|set_up|confirming", source)
            and not pattern.name.endswith("_again")
        ):
            makers.add(pattern.name)
    assert makers - {"confirm_sign_out", "sign_up_script"} == known


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_a_dead_ticket_opens_no_sign_up_while_restricted(trait, stranger):
    restrict()
    ticket = Ticket.objects.mint(InvitationFactory(**{trait: True}), channel="mail")
    stranger.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    assert stranger.post("/sign-up", ROADS["account_signup"]).status_code == 403
    assert not User.objects.exists()


def test_after_a_revoke_the_same_address_may_sign_up_by_itself_in_public_mode(stranger, admin):
    InvitationFactory(email_address="eve@example.com", public_metadata={"role": "editor"}).revoke(
        by=admin.user
    )
    answer = stranger.post("/sign-up", ROADS["account_signup"])
    assert answer["Location"] == "/sign-up/code"
    assert not User.objects.filter(email_address="eve@example.com").exists()


def test_the_database_refuses_a_user_without_a_grant():
    for grant in ("", None, "because"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(email_address="eve@example.com", signup_grant=grant)


def test_the_one_writer_of_users_never_sets_rights():
    for flag in ("is_staff", "is_superuser"):
        with pytest.raises(TypeError):
            User.objects.create_user(
                email_address="eve@example.com", grant="public", **{flag: True}
            )
    assert not User.objects.exists()


def test_two_spellings_of_a_mailbox_are_one_user():
    User.objects.create_user(email_address="Eve@München.example", grant="public")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email_address="eve@xn--mnchen-3ya.example", grant="public")


def test_an_address_that_is_none_makes_no_user():
    with pytest.raises((ValueError, ValidationError)):
        User.objects.create_user(email_address="eve", grant="public")


def test_a_blank_password_is_an_unusable_one():
    for blank in ("", None):
        user = User.objects.create_user(
            email_address=f"eve{blank}@example.com", grant="public", password=blank
        )
        assert not user.has_usable_password()
