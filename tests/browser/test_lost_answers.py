"""The server did the work, but its response, cookies included, was lost. The person can still go on."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import expect

from accounts.models import SignUp
from tests.browser.component import ADA, STRONG, invite, joining, name_application, query, ticket
from tests.factories import InvitationFactory

__all__ = ["joining"]


@contextmanager
def lost_answer(person, path):
    context = person.page.context

    def lose(route):
        before = context.cookies()
        route.fetch(max_redirects=0)
        context.clear_cookies()
        context.add_cookies(before)
        route.abort("connectionreset")

    person.page.route(f"**{path}", lose, times=1)
    yield
    person.sees("We cannot be reached.")
    person.forgets_outage()


@pytest.fixture
def ada(joining):
    name_application()
    ada = joining()
    ada.window.expect_refusal(401, "")
    ada.page.clock.install()
    return ada


def asks_for_a_code(ada):
    ada.visit()
    ada.write("E-mail address", ADA)
    ada.write("Password", STRONG)
    ada.press("Continue")


def test_a_code_was_sent(ada, site):
    with lost_answer(ada, "/prepare_verification"):
        asks_for_a_code(ada)
    first = site.code_to(ADA)
    ada.press("Continue")
    ada.sees_title("Check your e-mail")
    ada.write("Code", first)
    ada.press("Create account")
    ada.sees_title("You are in")


def test_a_new_code_was_sent(ada, site):
    asks_for_a_code(ada)
    ada.sees_title("Check your e-mail")
    site.deliver()
    SignUp.objects.update(code_sent_at=F("code_sent_at") - timedelta(seconds=40))
    ada.page.clock.run_for(31_000)
    with lost_answer(ada, "/prepare_verification"):
        ada.press("Send a new code")
    ada.write("Code", site.code_to(ADA))
    ada.press("Create account")
    ada.sees_title("You are in")


def test_the_account_was_made(ada, site):
    asks_for_a_code(ada)
    ada.sees_title("Check your e-mail")
    ada.write("Code", site.code_to(ADA))
    with lost_answer(ada, "/attempt_verification"):
        ada.press("Create account")
    ada.press("Create account")
    ada.sees("This is over; you may have an account by now.")


def test_the_session_was_ended(ada):
    ada.visit(query(ticket(invite())))
    ada.password_in()
    ada.sees_title("You are in")
    ada.visit()
    with lost_answer(ada, "/end"):
        ada.press("Use another account")
    ada.press("Use another account")
    ada.sees_title("Sign up to Acme")


def test_who_goes_on_as_somebody_else_keeps_the_invitation(ada):
    ada.visit(query(ticket(invite())))
    ada.password_in()
    ada.sees_title("You are in")
    ada.visit(query(ticket(InvitationFactory(email_address="bob@example.com"))))
    ada.press("Continue")
    ada.sees_title("You are in")
    ada.visit()
    ada.press("Use another account")
    ada.sees("bob@example.com")


def test_a_component_taken_out_and_put_back_counts_on(ada):
    asks_for_a_code(ada)
    ada.sees_title("Check your e-mail")
    ada.page.evaluate("window.taken = document.querySelector('ollio-sign-up'); taken.remove()")
    ada.page.clock.run_for(5_000)
    ada.page.evaluate("document.querySelector('main').append(taken)")
    ada.page.clock.run_for(31_000)
    expect(ada.component.get_by_role("button", name="Send a new code")).to_be_enabled()
