"""What each kind of ticket does when a sign-up starts with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SignUp, User
from invitations.models import Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.signing_up import (
    PATIENT,
    attempt,
    begin,
    begun,
    mailed_code,
    prepare,
    set_mode,
    ticket_for,
)

pytestmark = pytest.mark.django_db
MODES = ["public", "restricted", "waitlist"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channel", ["mail", "api"])
def test_a_ticket_and_a_password_make_the_account(browser, mode, channel):
    set_mode(mode)
    said = {"password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"}
    told = begin(browser, strategy="ticket", ticket=ticket_for(channel=channel), **said).json()
    user = User.objects.get()
    assert (user.email_address, user.first_name, user.last_name) == (
        "ada@example.com",
        "Ada",
        "Lovelace",
    )
    assert user.signup_grant == "invitation"
    assert Invitation.objects.get().accepted_user_id == user.pk
    assert told["response"]["status"] == "complete"
    assert told["response"]["created_user_id"] == user.pk
    [session] = told["client"]["sessions"]
    assert told["response"]["created_session_id"] == session["id"]
    assert told["client"]["sign_up"] is None


def test_it_takes_few_statements(browser):
    ticket = ticket_for()
    with CaptureQueriesContext(connection) as queries:
        begin(browser, ticket=ticket, password=PASSWORD)
    written = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert len(written) <= 22, written


@pytest.mark.parametrize("json", [True, False])
def test_what_is_missing_is_named_and_may_be_said_later(browser, json):
    told = begin(browser, strategy="ticket", ticket=ticket_for(), json=json).json()["response"]
    assert told["status"] == "missing_requirements"
    assert told["missing_fields"] == ["password"]
    assert told["unverified_fields"] == []
    assert told["email_address"] == "ada@example.com"
    verification = told["verifications"]["email_address"]
    assert (verification["status"], verification["strategy"]) == ("verified", "ticket")
    browser.patch(f"client/sign_ups/{told['id']}", password=PASSWORD, json=json)
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("mode", MODES)
def test_a_shared_ticket_needs_the_mailed_code_as_well(browser, mode):
    set_mode(mode)
    ticket = ticket_for(channel="shared", public_metadata={"role": "editor"})
    told = begin(browser, strategy="ticket", ticket=ticket, password=PASSWORD).json()["response"]
    assert told["email_address"] == "ada@example.com"
    assert told["unverified_fields"] == ["email_address"]
    verification = told["verifications"]["email_address"]
    assert (verification["strategy"], verification["next_action"]) == (None, "needs_prepare")
    assert not User.objects.exists()

    path = f"client/sign_ups/{told['id']}"
    assert prepare(browser, path).status_code == 200
    assert attempt(browser, path, mailed_code()).json()["response"]["status"] == "complete"
    assert User.objects.get().public_metadata == {"role": "editor"}


def test_the_metadata_is_the_invitations_and_what_the_page_adds_is_kept_apart(browser):
    ticket = ticket_for(public_metadata={"role": "editor"})
    begin(
        browser,
        ticket=ticket,
        password=PASSWORD,
        unsafe_metadata={"theme": "dark"},
        public_metadata={"role": "owner"},
        private_metadata={"k": 1},
    )
    user = User.objects.get()
    assert user.public_metadata == {"role": "editor"}
    assert user.unsafe_metadata == {"theme": "dark"}
    assert user.private_metadata == {}


def test_metadata_changed_meanwhile_is_what_counts(browser, admin):
    path = begun(browser, ticket=ticket_for())
    Invitation.objects.get().change(by=admin.user, public_metadata={"role": "viewer"})
    browser.patch(path, password=PASSWORD)
    assert User.objects.get(email_address="ada@example.com").public_metadata == {"role": "viewer"}


def test_the_address_may_be_said_along_if_it_is_the_invited_one(browser):
    begin(browser, ticket=ticket_for(), email_address=" ADA@Example.com", password=PASSWORD)
    assert User.objects.get().email_address == "ada@example.com"


def test_another_address_is_refused(browser, refused):
    path = begun(browser, ticket=ticket_for())
    for answer in (
        begin(browser, ticket=ticket_for("bob@example.com"), email_address="eve@example.com"),
        browser.patch(path, email_address="eve@example.com", password=PASSWORD),
    ):
        assert refused(answer) == (422, "form_param_value_invalid", "email_address")
    assert not User.objects.exists()
    assert set(SignUp.objects.values_list("email_address", flat=True)) == {"ada@example.com"}


CLOSED = {
    "expired": "ticket_expired_code",
    "revoked": "revoked_invitation",
    "accepted": "invitation_already_accepted",
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channel", ["mail", "api", "shared"])
@pytest.mark.parametrize("state", CLOSED)
def test_a_ticket_of_a_closed_invitation_is_refused_and_its_state_told(
    browser, refused, mode, channel, state
):
    set_mode(mode)
    ticket = ticket_for(channel=channel, **{state: True})
    answer = begin(browser, strategy="ticket", ticket=ticket, password=PASSWORD)
    assert refused(answer) == (400, CLOSED[state])
    assert "ada@example.com" not in answer.text
    assert not User.objects.exists()
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channel", ["mail", "shared"])
def test_an_account_of_the_invited_address_stays_as_it_is(browser, refused, mode, channel):
    set_mode(mode)
    UserFactory(email_address="ada@example.com")
    ticket = ticket_for(channel=channel, public_metadata={"role": "owner"})
    answer = begin(browser, strategy="ticket", ticket=ticket, password="eight quiet otters")
    assert refused(answer) == (400, "invitation_account_exists")
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.public_metadata == {}
    assert Invitation.objects.get().status == "pending"
    assert browser.client()["sessions"] == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("json", [True, False])
@pytest.mark.parametrize(
    "text", [f"olt_{'x' * 43}", "olt_", "x", "<ticket>", "olt_" + "x" * 5000, "ő", "\0", ""]
)
def test_what_is_no_ticket_gets_one_answer(browser, refused, mode, json, text):
    set_mode(mode)
    answer = begin(browser, strategy="ticket", ticket=text, password=PASSWORD, json=json)
    assert refused(answer) == (400, "ticket_invalid_code")
    assert not SignUp.objects.exists()


def test_a_spoilt_ticket_and_one_of_an_erased_invitation_are_unknown(
    browser, refused, admin, settings
):
    settings.LIMITS = PATIENT
    ticket, other = ticket_for(), ticket_for("bob@example.com")
    Invitation.objects.get(email_address="bob@example.com").erase(by=admin.user)
    hashed = Ticket.objects.get().hash
    for text in (ticket[:-1], ticket.lower(), ticket + "x", f"olt_{hashed[:43]}", hashed, other):
        assert refused(begin(browser, ticket=text)) == (400, "ticket_invalid_code")


def test_whoever_is_signed_in_stays_who_they_are(browser, refused):
    UserFactory(email_address="max@example.com")
    session_id = browser.sign_in("max@example.com")
    answer = begin(browser, strategy="ticket", ticket=ticket_for(), password=PASSWORD)
    assert refused(answer) == (400, "session_exists")
    assert refused(begin(browser, ticket="olt_x")) == (400, "session_exists")
    assert browser.client()["last_active_session_id"] == session_id
    assert User.objects.count() == 1


def test_who_signs_in_in_a_second_tab_ends_the_sign_up_in_the_first(browser, refused):
    UserFactory(email_address="max@example.com")
    path = begun(browser, ticket=ticket_for())
    browser.sign_in("max@example.com")
    for answer in (browser.patch(path, password=PASSWORD), prepare(browser, path)):
        assert refused(answer) == (400, "session_exists")
    assert User.objects.count() == 1


def test_unknown_tickets_are_limited_per_client_address(browser, refused, settings, still_windows):
    settings.LIMITS = PATIENT
    for _ in range(30):
        assert refused(begin(browser, ticket="olt_x")) == (400, "ticket_invalid_code")
    answer = begin(browser, ticket="olt_x")
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1


def test_a_resent_invitation_does_not_disturb_a_sign_up(browser, admin):
    ticket = ticket_for()
    path = begun(browser, ticket=ticket)
    Invitation.objects.get().resend(by=admin.user)
    browser.patch(path, password=PASSWORD)
    assert User.objects.filter(email_address="ada@example.com").exists()


def test_every_ticket_of_an_invitation_opens_the_same(new_browser):
    invitation = InvitationFactory(email_address="ada@example.com")
    for channel in ("mail", "mail", "api", "shared"):
        raw = Ticket.objects.mint(invitation, channel=channel)
        told = begin(new_browser(), ticket=raw).json()["response"]
        assert told["email_address"] == "ada@example.com"
