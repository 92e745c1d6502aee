import pytest
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import Application, User
from invitations.models import Event, Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


def arrive(browser, invitation, channel="mail"):
    """Follow the invitation's link to the sign-up page, as a browser does."""
    ticket = Ticket.objects.mint(invitation, channel=channel)
    return browser.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)


def restrict():
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")


def test_an_invited_person_chooses_a_password_and_is_in(stranger):
    invitation = InvitationFactory(
        email_address="ada@example.com", public_metadata={"role": "editor"}
    )
    page = arrive(stranger, invitation)
    assert page.redirect_chain[-1] == ("/sign-up?came_by=link", 303)
    assert "ada@example.com" in page.text

    answer = stranger.post("/sign-up", {"password": PASSWORD, "first_name": "Ada"}, follow=True)

    assert "You are in" in answer.text
    user = User.objects.get()
    assert (user.email_address, user.first_name) == ("ada@example.com", "Ada")
    assert user.public_metadata == {"role": "editor"}
    assert user.signup_invitation == invitation
    assert user.signup_grant == "invitation"
    assert user.emailaddress_set.get().verified
    assert get_user(stranger) == user
    assert Invitation.objects.get().status == "accepted"
    assert Invitation.objects.get().accepted_user == user


def test_invited_people_come_in_while_restricted(stranger):
    restrict()
    arrive(stranger, InvitationFactory())
    stranger.post("/sign-up", {"password": PASSWORD})
    assert User.objects.count() == 1


def test_a_weak_password_never_costs_the_invitation(stranger):
    arrive(stranger, InvitationFactory())
    page = stranger.post("/sign-up", {"password": "short"})
    assert "at least 8 characters" in page.text
    assert Invitation.objects.get().status == "pending"
    stranger.post("/sign-up", {"password": PASSWORD})
    assert Invitation.objects.get().status == "accepted"


def test_a_password_like_the_address_is_refused(stranger):
    arrive(stranger, InvitationFactory(email_address="ada.lovelace@example.com"))
    page = stranger.post("/sign-up", {"password": "ada.lovelace"})
    assert "does not resemble your e-mail address" in page.text
    assert not User.objects.exists()


def test_an_empty_form_as_scanners_post_it_changes_nothing(stranger):
    arrive(stranger, InvitationFactory())
    for _ in range(9):
        stranger.post("/sign-up", {})
    assert Invitation.objects.get().status == "pending"
    assert not User.objects.exists()


def test_the_form_cannot_change_address_rights_or_metadata(stranger):
    arrive(stranger, InvitationFactory(email_address="ada@example.com"))
    said = {
        "email_address": "eve@example.com",
        "is_staff": "1",
        "is_superuser": "1",
        "public_metadata": '{"a": 1}',
    }
    stranger.post("/sign-up", {"password": PASSWORD, **said})
    user = User.objects.get()
    assert user.email_address == "ada@example.com"
    assert not user.is_staff
    assert not user.is_superuser
    assert user.public_metadata == {}


def test_a_used_ticket_leaves_the_password_as_it_is(stranger):
    invitation = InvitationFactory()
    first = Client()
    arrive(first, invitation)
    arrive(stranger, invitation)
    first.post("/sign-up", {"password": PASSWORD})
    before = User.objects.get().password

    answer = stranger.post("/sign-up", {"password": "another long password"}, follow=True)

    assert answer.redirect_chain[-1][0].endswith("/sign-in?notice=invitation_accepted")
    assert "used already" in answer.text
    assert User.objects.get().password == before
    assert not get_user(stranger).is_authenticated


def test_a_revoke_while_the_form_is_open_wins(stranger, admin):
    invitation = InvitationFactory()
    arrive(stranger, invitation)
    invitation.revoke(by=admin.user)
    answer = stranger.post("/sign-up", {"password": PASSWORD}, follow=True)
    assert "withdrawn" in answer.text
    assert not User.objects.filter(email_address=invitation.email_address).exists()


def test_expiry_while_the_form_is_open_wins(stranger):
    invitation = InvitationFactory()
    arrive(stranger, invitation)
    Invitation.objects.update(created_at="2020-01-01T00:00Z", expires_at="2020-01-31T00:00Z")
    answer = stranger.post("/sign-up", {"password": PASSWORD}, follow=True)
    assert "has expired" in answer.text
    assert invitation.email_address not in answer.text
    assert not User.objects.exists()


def test_two_tabs_with_two_tickets_make_each_its_own_account(stranger):
    first = arrive(stranger, InvitationFactory(email_address="one@example.com")).context["handle"]
    second = arrive(stranger, InvitationFactory(email_address="two@example.com")).context["handle"]
    stranger.post("/sign-up", {"password": PASSWORD, "handle": first})
    stranger.logout()
    stranger.post("/sign-up", {"password": PASSWORD, "handle": second})
    assert set(User.objects.values_list("email_address", flat=True)) == {
        "one@example.com",
        "two@example.com",
    }


def test_somebody_signed_in_stays_who_they_are(member):
    before = User.objects.values().get()
    page = arrive(member, InvitationFactory(email_address="ada@example.com"))
    assert "max@example.com" in page.text
    assert "Sign out and continue" in page.text
    member.post("/sign-up", {"password": PASSWORD})
    assert User.objects.values().get() == before
    assert Invitation.objects.get().status == "pending"


def test_strangers_are_refused_while_restricted(stranger):
    restrict()
    Application.objects.update(support_address="help@example.com")
    page = stranger.get("/sign-up")
    assert page.status_code == 403
    assert "You need an invitation" in page.text
    assert "help@example.com" in page.text


def test_switching_to_restricted_stops_forms_that_are_open(stranger):
    assert stranger.get("/sign-up").status_code == 200
    restrict()
    said = {"email_address": "eve@example.com", "password": PASSWORD}
    assert stranger.post("/sign-up", said).status_code == 403


@pytest.mark.usefixtures("still_windows")
def test_ten_posts_a_minute_are_enough(stranger):
    arrive(stranger, InvitationFactory())
    for _ in range(10):
        stranger.post("/sign-up", {})
    page = stranger.post("/sign-up", {"password": PASSWORD})
    assert page.status_code == 429
    assert int(page["Retry-After"]) >= 1
    assert "too often" in page.text
    assert Invitation.objects.get().status == "pending"


@pytest.mark.usefixtures("still_windows")
def test_ten_weak_passwords_pause_a_ticket_for_a_while(stranger, settings):
    settings.LIMITS = {"sign_up": 100}
    arrive(stranger, InvitationFactory())
    for _ in range(10):
        stranger.post("/sign-up", {"password": "short"})
    assert stranger.post("/sign-up", {"password": PASSWORD}).status_code == 429
    assert Invitation.objects.get().status == "pending"


def test_a_link_for_an_address_with_an_account_leads_to_sign_in(stranger):
    invitation = InvitationFactory(email_address="max@example.com")
    arrive(stranger, invitation)
    UserFactory(email_address="max@example.com")
    answer = stranger.post("/sign-up", {"password": PASSWORD})
    assert answer["Location"] == "/sign-in?next=%2Faccept-invitation"
    assert User.objects.count() == 1


def test_no_answer_to_a_form_leads_to_another_origin(stranger, admin):
    invitation = InvitationFactory()
    arrive(stranger, invitation)
    invitation.revoke(by=admin.user)
    Application.objects.update(sign_up_url="https://app.example.com/join")
    answer = stranger.post("/sign-up", {"password": PASSWORD})
    assert answer["Location"] == "/sign-up?notice=invitation_revoked"


def test_who_comes_in_is_no_operator_in_the_timeline(stranger):
    arrive(stranger, InvitationFactory())
    stranger.post("/sign-up", {"password": PASSWORD})
    assert Event.objects.get(kind="accepted").actor_type == "user"
