"""The pages of docs/custom-flow.md when the network fails, or when another tab interferes."""

import pytest
from playwright.sync_api import expect

from invitations.models import Invitation
from tests.browser.custom_flow import ADA, WELCOME, acme, is_told, sees, visit, visitor
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import ticket_for

__all__ = ["acme", "visitor"]


@pytest.fixture
def ada(visitor):
    ada = visitor()
    ada.window.expect_refusal(404, "/__clerk/v1/client/")
    return ada


def joins(ada):
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    sees(ada, WELCOME)


@pytest.mark.parametrize("page", ["short", "join"])
def test_a_page_that_reaches_nobody_says_so(ada, page):
    ada.page.route("**/__clerk/**", lambda route: route.abort())
    visit(ada, page, ticket=ticket_for())
    is_told(ada, "Try again in a moment")
    ada.window.trouble.clear()


def test_a_sign_in_that_reaches_nobody_says_so(ada):
    visit(ada, "sign-in")
    ada.page.route("**/__clerk/**", lambda route: route.abort())
    ada.write("E-mail address", ADA)
    ada.write("Password", PASSWORD)
    ada.press("Sign in")
    is_told(ada, "Try again in a moment")
    ada.window.trouble.clear()


def test_an_invitation_that_is_over_keeps_nobody_from_signing_in(ada):
    UserFactory(email_address=ADA)
    visit(ada, "sign-in", ticket=ticket_for())
    Invitation.objects.get().revoke(by=UserFactory(operator=True))
    ada.write("E-mail address", ADA)
    ada.write("Password", PASSWORD)
    ada.press("Sign in")
    is_told(ada, "withdrawn")
    ada.press("Sign in")
    sees(ada, "At home")


def test_who_has_joined_is_welcome_after_a_reload(ada):
    visit(ada, "join", ticket=ticket_for())
    joins(ada)
    ada.page.reload()
    sees(ada, WELCOME)


def test_who_is_somebody_else_is_told_before_the_invitation_is_used(ada):
    visit(ada, "join", ticket=ticket_for())
    joins(ada)
    visit(ada, "join", ticket=ticket_for("bob@example.com"))
    is_told(ada, "signed in")


def test_a_double_click_continues_once(ada):
    visit(ada, "join")
    ada.write("E-mail address", "eve@example.com")
    ada.write("Password", PASSWORD)
    ada.page.get_by_role("button", name="Continue").dblclick()
    expect(ada.page.get_by_label("Code from")).to_be_visible()
    expect(ada.page.get_by_role("alert")).to_be_empty()


def test_a_sign_up_that_is_over_begins_again(ada):
    visit(ada, "join")
    ada.write("E-mail address", "eve@example.com")
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    expect(ada.page.get_by_label("Code from")).to_be_visible()
    ada.page.context.clear_cookies()
    ada.page.reload()
    expect(ada.page.get_by_label("E-mail address")).to_be_editable()
    ada.write("E-mail address", "eve@example.com")
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    expect(ada.page.get_by_label("Code from")).to_be_visible()
