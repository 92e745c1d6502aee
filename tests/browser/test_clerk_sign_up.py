"""<SignUp/> of Clerk's unchanged packages, on a page of another application."""

import pytest
from playwright.sync_api import expect

from accounts.models import Application, User
from invitations.models import Ticket
from tests.browser import component
from tests.browser.clerk import PORT, PROXY, KeyboardVisitor, read_token
from tests.factories import PASSWORD, InvitationFactory, UserFactory

ADA = "ada@example.com"
RESTRICTED = "Access restricted"


def set_mode(mode):
    Application.objects.update(sign_up_mode=mode)


def invite(visitor, **fields):
    return component.invite(redirect_url=f"{visitor.application.url}/join", **fields)


@pytest.mark.parametrize("road", [PORT, PROXY])
@pytest.mark.parametrize("mode", ["public", "restricted"])
def test_an_invited_person_joins_on_the_applications_page(site, visitor, road, mode):
    ada = visitor(road)
    set_mode(mode)
    invitation = invite(ada, public_metadata={"role": "editor"})
    ada.window.expect_refusal(422, "/client/sign_ups/")

    ada.open(site.link_to(ADA))
    ada.sees_card("Fill in missing fields")
    ada.choose_password(ADA)
    ada.press("Continue")
    ada.is_told("Your password is not strong enough.", at="Password")
    ada.page.reload()
    ada.sees_card("Fill in missing fields")
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)

    user = User.objects.get(email_address=ADA)
    invitation.refresh_from_db()
    assert (user.public_metadata, invitation.status) == ({"role": "editor"}, "accepted")


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_the_keyboard_alone_is_enough_to_join(site, visitor, road):
    ada = visitor(road, hands=KeyboardVisitor)
    set_mode("restricted")
    invitation = invite(ada)
    ada.window.expect_refusal(422, "/client/sign_ups/")
    ada.open(site.link_to(ADA))
    ada.choose_password(ADA)
    ada.page.keyboard.press("Enter")
    ada.is_told("Your password is not strong enough.", at="Password")
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
    invitation.refresh_from_db()
    assert invitation.status == "accepted"


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_anybody_joins_with_an_address_and_a_mailed_code(site, visitor, road):
    ada = visitor(road)
    ada.window.expect_refusal(422, "/attempt_verification")

    ada.visit("/sign-up")
    ada.write("First name", "Ada")
    ada.write("Last name", "Lovelace")
    ada.write("Email address", ADA)
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.sees_card("Verify your email")
    code = ada.mailed_code(ADA)
    ada.write_code("000000")
    ada.sees("This is not the code.")
    ada.write_code(code)
    ada.is_home(ADA)

    user = User.objects.get(email_address=ADA)
    assert (user.first_name, user.last_name, user.public_metadata) == ("Ada", "Lovelace", {})
    said = read_token(ada.token(), site=site)
    assert (said["sub"], said["azp"]) == (user.pk, ada.application.url)


@pytest.mark.parametrize(("road", "mode"), [(PORT, "public"), (PROXY, "restricted")])
def test_a_shared_link_asks_for_the_mailed_code(site, visitor, road, mode):
    ada = visitor(road)
    set_mode(mode)
    invitation = invite(ada, public_metadata={"role": "editor"})
    site.deliver()  # so that the code is in the newest mail

    ticket = Ticket.objects.mint(invitation, channel="shared")
    ada.open(f"/v1/tickets/accept?ticket={ticket}")
    ada.sees_card("Verify your email")
    ada.write_code(ada.mailed_code(ADA))
    ada.sees_card("Fill in missing fields")
    assert not User.objects.filter(email_address=ADA).exists()
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
    assert User.objects.get(email_address=ADA).public_metadata == {"role": "editor"}


@pytest.mark.parametrize("road", [PORT, PROXY])
@pytest.mark.parametrize(
    ("mode", "card"), [("public", "Create your account"), ("restricted", RESTRICTED)]
)
def test_a_dead_invitation_is_named_on_the_card(visitor, road, mode, card):
    ada = visitor(road)
    set_mode(mode)
    ada.window.expect_refusal(400, "/client/sign_ups")
    for state, told in (
        ("expired", "This link has expired."),
        ("revoked", "This invitation was withdrawn."),
        ("accepted", "This invitation was used already."),
    ):
        invitation = InvitationFactory(**{state: True})
        ada.visit(f"/sign-up?__clerk_ticket={Ticket.objects.mint(invitation, channel='mail')}")
        ada.sees_card(card)
        ada.sees(told)


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_a_revoke_ends_the_sign_up_that_it_meets(site, visitor, road):
    ada = visitor(road)
    invitation = invite(ada)
    ada.window.expect_refusal(400, "/client/sign_ups/")
    ada.open(site.link_to(ADA))
    ada.sees_card("Fill in missing fields")
    invitation.refresh_from_db()
    invitation.revoke(by=UserFactory(operator=True))
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.sees("This invitation was withdrawn.")
    assert not User.objects.filter(email_address=ADA).exists()


@pytest.mark.parametrize("road", [PORT, PROXY])
def test_nobody_joins_a_restricted_application_without_an_invitation(visitor, road):
    eve = visitor(road)
    set_mode("restricted")
    eve.visit("/sign-up")
    eve.sees_card(RESTRICTED)
    expect(eve.page.get_by_role("textbox")).to_have_count(0)
    eve.follow("Sign in")
    eve.sees_card("Sign in to Ollio")
    expect(eve.page.get_by_role("link", name="Sign up")).to_have_count(0)
