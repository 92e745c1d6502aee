"""<SignIn/> of Clerk's unchanged packages, and the session that it opens."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from accounts.models import User
from invitations.models import Invitation
from tests.browser.clerk import PORT, PROXY, KeyboardVisitor, read_token
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"
OTHER_PASSWORD = "nine dry walruses"
WEAK = "Your password is not strong enough."


def begin(visitor):
    visitor.visit("/sign-in")
    visitor.sees_card("Sign in to Ollio")
    visitor.write("Email address", ADA)
    visitor.press("Continue")
    visitor.sees_card("Enter your password")


def give_password(visitor, password=PASSWORD):
    visitor.write("Password", password)
    visitor.press("Continue")


def sign_in_at_the_second_try(ada):
    ada.window.expect_refusal(422, "/attempt_first_factor")
    begin(ada)
    give_password(ada, "six wet penguins")
    ada.is_told("This address and password do not belong together. Check both.", at="Password")
    give_password(ada)
    ada.is_home(ADA)


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_somebody_signs_in_and_out(site, visitor, road):
    user, ada = UserFactory(email_address=ADA), visitor(road)
    sign_in_at_the_second_try(ada)
    ada.page.reload()
    ada.is_home(ADA)
    assert read_token(ada.token(fresh=False), site=site)["azp"] == ada.application.url

    before = len(tokens_asked(ada))
    said = read_token(ada.token(), site=site)
    assert (said["sub"], said["azp"]) == (user.pk, ada.application.url)
    assert len(tokens_asked(ada)) == before + 1

    ada.sign_out()
    ada.is_home(None)
    ada.page.reload()
    ada.is_home(None)
    ada.visit("/sign-in")
    ada.sees_card("Sign in to Ollio")
    assert ada.asked(site.url) == [] or road == PORT  # all calls used the proxy


def tokens_asked(visitor):
    paths = visitor.asked(visitor.application.proxy_url.removesuffix("/__clerk"))
    return [path for path in paths if path.endswith("/tokens")]


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_the_keyboard_alone_is_enough_to_sign_in_and_out(visitor, road):
    UserFactory(email_address=ADA)
    ada = visitor(road, hands=KeyboardVisitor)
    sign_in_at_the_second_try(ada)
    ada.sign_out()
    ada.is_home(None)


def test_a_hosted_sign_in_and_sign_out_are_the_applications_too(visitor):
    UserFactory(email_address=ADA)
    ada = visitor(PORT)
    begin(ada)
    give_password(ada)
    ada.is_home(ADA)
    ada.open("/account")
    expect(ada.page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    ada.write("E-mail address", ADA)
    ada.write("Password", PASSWORD)
    ada.press("Sign in")
    expect(ada.page.get_by_role("heading", name="Account", level=1)).to_be_visible()
    ada.press("Sign out")
    expect(ada.page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    ada.visit("/")
    ada.is_home(None)


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_a_forgotten_password_is_replaced_by_mailed_code(visitor, road):
    user, ada = UserFactory(email_address=ADA), visitor(road)
    ada.window.expect_refusal(422, "/reset_password")
    begin(ada)
    ada.follow("Forgot password?")
    ada.press("Reset your password")
    ada.sees_card("Reset password")
    ada.write_code(ada.mailed_code(ADA))
    ada.sees_card("Set new password")
    for password in (ADA, OTHER_PASSWORD):
        ada.choose_password(password, at="New password")
        ada.write("Confirm password", password)
        ada.sees("Passwords match.")
        ada.press("Reset Password")
        if password == ADA:
            ada.is_told(f"{WEAK} Add more words that are less common.", at="New password")
    ada.is_home(ADA)
    user.refresh_from_db()
    assert user.check_password(OTHER_PASSWORD)


def test_a_mailed_code_stands_in_for_the_password(visitor):
    UserFactory(email_address=ADA)
    ada = visitor(PORT)
    begin(ada)
    ada.follow("Use another method")
    ada.press("Email code to a***@example.com")
    ada.sees_card("Check your email")
    ada.write_code(ada.mailed_code(ADA))
    ada.is_home(ADA)


def test_a_second_factor_is_asked_for(visitor, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # the code may change during typing
    user, ada = UserFactory(email_address=ADA), visitor(PORT)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    ada.window.expect_refusal(422, "/attempt_second_factor")
    begin(ada)
    give_password(ada)
    ada.sees_card("Two-step verification")
    ada.write_code("000000")
    ada.sees("This code is not right.")
    _before, now, _after = totp.yield_hotp_counters_from_time()
    ada.write_code(totp.format_hotp_value(totp.hotp_value(secret, now)))
    ada.is_home(ADA)


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_who_has_an_account_accepts_an_invitation_by_signing_in(site, visitor, road):
    ada = visitor(road)
    invitation = Invitation.objects.create_pending(
        address=normalise_email(ADA),
        by=UserFactory(operator=True),
        redirect_url=f"{ada.application.url}/join",
        public_metadata={"role": "editor"},
    )
    UserFactory(email_address=ADA, public_metadata={"team": "blue"})
    ada.open(site.link_to(ADA))
    ada.sees_card("Enter your password")
    give_password(ada)
    ada.is_home(ADA)
    invitation.refresh_from_db()
    user = User.objects.get(email_address=ADA)
    assert (invitation.status, user.public_metadata) == (
        "accepted",
        {"team": "blue", "role": "editor"},
    )
