"""<ollio-sign-up> when a step fails: it says what is wrong and what to do."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.component import ADA, STRONG, invite, joining, name_application, query, ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory

__all__ = ["joining"]
CLOSED = {
    "expired": "Your invitation has expired.",
    "revoked": "Your invitation was withdrawn.",
}


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_invitation_leads_to_ordinary_sign_up_in_public_mode(joining, state):
    name_application()
    ada = joining()
    ada.visit(query(ticket(InvitationFactory(email_address=ADA, **{state: True}))))
    ada.sees(f"{CLOSED[state]} You can sign up here all the same")
    ada.sees_title("Sign up to Acme")
    expect(ada.component.get_by_label("E-mail address")).to_have_value("")


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_invitation_is_the_end_in_restricted_mode(joining, state):
    name_application(sign_up_mode="restricted")
    ada = joining()
    ada.visit(query(ticket(InvitationFactory(email_address=ADA, **{state: True}))))
    ada.sees_title("You need an invitation")
    ada.sees(CLOSED[state])
    expect(ada.component.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("mode", ["restricted", "waitlist"])
def test_nobody_is_shown_a_form_without_an_invitation(joining, mode):
    name_application(sign_up_mode=mode)
    ada = joining()
    ada.visit()
    ada.sees_title("You need an invitation")
    ada.sees("Only invited people can sign up to Acme.")
    ada.sees("Think that you should have one? Write to help@example.com")
    expect(ada.component.get_by_role("textbox")).to_have_count(0)


def test_an_unknown_ticket_is_named(joining):
    name_application(sign_up_mode="restricted")
    ada = joining()
    ada.visit(query("olt_unknown"))
    ada.sees("This invitation link is not valid.")


def test_a_used_invitation_leads_to_sign_in(site, joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(InvitationFactory(email_address=ADA, accepted=True))))
    ada.sees("This invitation was used already.")
    link = ada.component.get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", f"{site.url}/sign-in")


@pytest.mark.parametrize("status", ["sign_in", "sign_up"])
def test_who_has_an_account_signs_in_and_accepts(joining, status):
    name_application()
    ada, invitation = joining(), invite()
    UserFactory(email_address=ADA)
    ada.visit(query(ticket(invitation), status=status))
    ada.sees_title("You have an account")
    ada.follow("Sign in")
    ada.page.get_by_label("E-mail address").fill(ADA)
    ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()
    ada.page.get_by_role("button", name="Accept").click()
    expect(ada.page.get_by_role("heading").first).to_be_visible()
    invitation.refresh_from_db()
    assert invitation.status == "accepted"


def test_a_revoke_in_between_ends_it(joining):
    name_application(sign_up_mode="restricted")
    ada, invitation = joining(), invite()
    ada.visit(query(ticket(invitation)))
    invitation.revoke(by=UserFactory(operator=True))
    ada.password_in()
    ada.sees("Your invitation was withdrawn.")
    assert not User.objects.filter(email_address=ADA).exists()


def test_somebody_signed_in_goes_on_or_leaves(joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(invite())))
    ada.password_in()
    ada.sees_title("You are in")
    ada.visit()
    ada.sees_title("You are signed in")
    ada.sees(ADA)
    ada.press("Continue")
    ada.sees_title("You are in")
    assert [name for name, _detail in ada.told()] == ["ollio:complete"]
    ada.visit()
    ada.press("Use another account")
    ada.sees_title("Sign up to Acme")


def test_a_code_that_is_wrong_may_be_sent_again_after_a_while(site, joining):
    name_application()
    ada = joining()
    ada.page.clock.install()
    ada.visit()
    ada.write("E-mail address", ADA)
    ada.write("Password", STRONG)
    ada.press("Continue")
    ada.has_focus("Code")
    ada.write("Code", "12")
    ada.press("Create account")
    ada.sees("Type the six digits from the e-mail.")
    again = ada.component.get_by_role("button", name="Send a new code")
    expect(again).to_be_disabled()
    ada.page.clock.run_for(31_000)
    expect(again).to_be_enabled()
    again.click()  # only the browser's clock moved
    ada.has_focus("Code")
    expect(again).to_be_disabled()
    ada.write("Code", site.code_to(ADA))
    ada.press("Create account")
    ada.sees_title("You are in")


def test_without_a_connection_nothing_is_lost(joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(invite())))
    ada.page.route("**/__clerk/**", lambda route: route.abort())
    ada.password_in()
    ada.sees("We cannot be reached.")
    expect(ada.component.get_by_label("Password", exact=True)).to_have_value(STRONG)
    ada.page.reload()
    ada.sees_title("That did not work")
    ada.page.unroute("**/__clerk/**")
    ada.forgets_outage()
    ada.press("Try again")
    ada.sees("Verified")
    ada.password_in()
    ada.sees_title("You are in")


def test_a_fault_of_the_server_is_told_and_tried_again(joining):
    name_application()
    ada = joining()
    ada.page.route("**/__clerk/**", lambda route: route.fulfill(status=502, body="<h1>Bad gateway"))
    ada.visit(query(ticket(invite())))
    ada.sees("We cannot be reached.")
    ada.page.unroute("**/__clerk/**")
    ada.forgets_outage()
    ada.press("Try again")
    ada.password_in()
    ada.sees_title("You are in")


def test_too_often_says_how_long_to_wait(joining, settings, still_windows):
    name_application()
    ada = joining()
    ada.visit(query(ticket(invite())))
    settings.LIMITS = {**settings.LIMITS, "frontend_sign_up": 1}
    ada.password_in()
    ada.sees("That was too often. Nothing is lost: try again in ")
    settings.LIMITS = {**settings.LIMITS, "frontend_sign_up": 100}
    ada.press("Create account")
    ada.sees_title("You are in")


def test_a_double_click_sends_once(joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(invite())))
    ada.write("Password", STRONG)
    ada.component.get_by_role("button", name="Create account").dblclick()
    ada.sees_title("You are in")
    sent = [r for r in ada.window.requests if "_method=PATCH" in r.url]
    assert len(sent) == 1
