"""An ordinary sign-up: a mailed code proves the address, and a password is chosen; the order does not matter."""

import pytest

from accounts.models import SignUp, User
from invitations.models import Invitation, Message
from tests.accounts.visiting import mails
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.signing_up import (
    SIGN_UPS,
    attempt,
    begin,
    begun,
    by_address,
    mailed_code,
    prepare,
    set_mode,
)

pytestmark = pytest.mark.django_db


def test_a_mailed_code_proves_the_address_and_makes_the_account(browser):
    said = {"first_name": "Eve", "last_name": "Moneypenny", "unsafe_metadata": {"theme": "dark"}}
    told = begin(browser, email_address="Eve@Example.com", password=PASSWORD, **said).json()
    assert told["response"]["status"] == "missing_requirements"
    assert told["response"]["missing_fields"] == []
    assert told["response"]["unverified_fields"] == ["email_address"]
    assert told["client"]["sign_up"]["id"] == told["response"]["id"]
    assert not Message.objects.exists()

    path = f"{SIGN_UPS}/{told['response']['id']}"
    verification = prepare(browser, path).json()["response"]["verifications"]["email_address"]
    assert (verification["strategy"], verification["next_action"]) == (
        "email_code",
        "needs_attempt",
    )
    told = attempt(browser, path, mailed_code()).json()

    assert told["response"]["status"] == "complete"
    assert told["client"]["last_active_session_id"] == told["response"]["created_session_id"]
    user = User.objects.get()
    assert (user.email_address, user.first_name, user.signup_grant) == (
        "eve@example.com",
        "Eve",
        "public",
    )
    assert user.unsafe_metadata == {"theme": "dark"}
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("json", [True, False])
def test_a_form_and_json_say_the_same(browser, json):
    said = {"unsafe_metadata": {"n": 1, "l": ["ä", None]}, "first_name": "Ève"}
    told = begin(browser, email_address="eve@example.com", **said, json=json).json()["response"]
    assert told["unsafe_metadata"] == said["unsafe_metadata"]
    assert told["first_name"] == "Ève"


def test_the_address_may_be_proved_before_the_password_is_said(browser):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    told = attempt(browser, path, mailed_code()).json()["response"]
    assert (told["status"], told["missing_fields"]) == ("missing_requirements", ["password"])
    assert told["verifications"]["email_address"]["status"] == "verified"
    assert not User.objects.exists()
    assert browser.patch(path, password=PASSWORD).json()["response"]["status"] == "complete"
    assert User.objects.get().check_password(PASSWORD)


def test_a_sign_up_may_begin_with_nothing(browser, refused):
    told = begin(browser).json()["response"]
    assert told["missing_fields"] == ["email_address", "password"]
    assert told["unverified_fields"] == []
    path = f"{SIGN_UPS}/{told['id']}"
    assert refused(prepare(browser, path)) == (422, "form_param_missing", "email_address")
    assert refused(attempt(browser, path, "123456")) == (
        422,
        "form_param_missing",
        "email_address",
    )
    browser.patch(path, email_address="eve@example.com", password=PASSWORD)
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    assert User.objects.get().email_address == "eve@example.com"


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("restricted", "sign_up_mode_restricted"),
        ("waitlist", "sign_up_restricted_waitlist"),
    ],
)
@pytest.mark.parametrize(
    "said",
    [{}, {"email_address": "eve@example.com"}, {"password": "short"}, {"strategy": "password"}],
)
def test_without_a_ticket_nobody_comes_in_unless_the_mode_is_public(
    browser, refused, mode, code, said
):
    set_mode(mode)
    assert refused(begin(browser, **said)) == (403, code)
    assert not SignUp.objects.exists()
    assert browser.client()["sign_up"] is None


def test_an_invited_address_says_nothing_for_who_has_no_ticket_while_restricted(browser, refused):
    set_mode("restricted")
    InvitationFactory(email_address="ada@example.com")
    answer = begin(browser, email_address="ada@example.com", password=PASSWORD)
    assert refused(answer) == (403, "sign_up_mode_restricted")


def test_an_ordinary_sign_up_of_an_invited_address_leaves_the_invitation_alone(browser):
    InvitationFactory(email_address="ada@example.com", public_metadata={"role": "editor"})
    attempt(browser, by_address(browser, "ada@example.com"), mailed_code())
    user = User.objects.get()
    assert (user.public_metadata, user.signup_grant) == ({}, "public")
    assert Invitation.objects.get().status == "pending"


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_after_a_closed_invitation_the_address_may_sign_up_by_itself(browser, trait):
    InvitationFactory(
        email_address="ada@example.com", public_metadata={"role": "editor"}, **{trait: True}
    )
    path = begun(browser, email_address="ada@example.com", password=PASSWORD)
    assert not User.objects.exists()
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    user = User.objects.get()
    assert (user.public_metadata, user.signup_grant) == ({}, "public")


def test_an_address_that_has_an_account_stays_as_it_is(browser, refused):
    UserFactory(email_address="eve@example.com", first_name="Eve")
    path = by_address(browser, password="eight quiet otters", first_name="Mallory")
    [mail] = mails()
    assert "already have" in mail.body
    assert refused(attempt(browser, path, "123456")) == (422, "form_code_incorrect", "code")
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.first_name == "Eve"


def test_an_account_made_before_the_code_is_typed_stays_as_it_is(browser, refused):
    path = by_address(browser, password="eight quiet otters")
    code = mailed_code()
    UserFactory(email_address="eve@example.com")
    assert refused(attempt(browser, path, code)) == (422, "form_code_incorrect", "code")
    assert User.objects.get().check_password(PASSWORD)


def test_an_account_made_after_the_address_was_proved_is_told(browser, refused):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    UserFactory(email_address="eve@example.com")
    answer = browser.patch(path, password="eight quiet otters")
    assert refused(answer) == (422, "form_identifier_exists", "email_address")
    assert User.objects.get().check_password(PASSWORD)


def test_five_sign_ups_in_ten_seconds_are_enough_for_one_client_address(
    new_browser, refused, still_windows
):
    for number in range(5):
        answer = begin(new_browser(), email_address=f"eve{number}@example.com")
        assert answer.status_code == 200
    answer = begin(new_browser(), email_address="eve@example.com")
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
    elsewhere = new_browser(REMOTE_ADDR="192.0.2.7")
    assert begin(elsewhere, email_address="eve@example.com").status_code == 200
