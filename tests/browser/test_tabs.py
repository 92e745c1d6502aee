"""Pages of applications: two tabs of one browser have two tickets, and each tab signs up its own address."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.clerk import PORT
from tests.browser.component import ADA, joining, query
from tests.browser.custom_flow import add_docs_pages
from tests.browser.hands import Mouse
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import PATIENT, ticket_for

__all__ = ["joining"]

BOB = "bob@example.com"


@pytest.fixture
def still_open(settings):
    """Raise the limits, so that two tabs do not reach one."""
    settings.LIMITS = settings.LIMITS | PATIENT


def is_alone(address):
    assert [user.email_address for user in User.objects.all()] == [address]


def test_clerks_component_makes_the_address_of_its_tab(visitor, still_open):
    ada = visitor(PORT)
    ada.visit(f"/join{query(ticket_for(ADA))}")
    ada.sees_card("Fill in missing fields")
    bob = ada.page.context.new_page()
    bob.goto(f"{ada.application.url}/join{query(ticket_for(BOB))}")
    expect(bob.get_by_role("heading", name="Fill in missing fields")).to_be_visible()
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
    is_alone(ADA)


@pytest.mark.parametrize("reloads", [False, True])
def test_ollios_component_makes_the_address_of_its_tab(joining, reloads):
    ada = joining()
    ada.visit(query(ticket_for(ADA)))
    bob = ada.in_another_tab()
    bob.visit(query(ticket_for(BOB)))
    bob.sees(BOB)
    if reloads:
        ada.page.reload()
        ada.sees(ADA)
    ada.password_in()
    ada.sees_title("You are in")
    is_alone(ADA)


def test_ollios_component_goes_on_with_the_code_of_its_tab(site, joining):
    ada = joining()
    ada.visit()
    ada.write("E-mail address", ADA)
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    ada.sees("Check your e-mail")
    ada.in_another_tab().visit(query(ticket_for(BOB)))
    ada.page.reload()
    ada.sees("Check your e-mail")
    ada.write("Code", site.code_to(ADA))
    ada.press("Create account")
    ada.sees_title("You are in")
    is_alone(ADA)


@pytest.mark.parametrize("reloads", [False, True])
def test_a_form_of_ones_own_makes_the_address_of_its_tab(application, window, still_open, reloads):
    started = add_docs_pages(application())
    ada = Mouse(window(elsewhere=started.url))
    ada.page.goto(f"{started.url}/join{query(ticket_for(ADA))}")
    address = ada.page.get_by_label("E-mail address")
    expect(address).to_have_value(ADA)
    bob = ada.page.context.new_page()
    bob.goto(f"{started.url}/join{query(ticket_for(BOB))}")
    expect(bob.get_by_label("E-mail address")).to_have_value(BOB)
    if reloads:
        ada.page.reload()
        expect(address).to_have_value(ADA)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.press("Continue")
    expect(ada.page.get_by_text(f"Welcome, {ADA}.")).to_be_visible()
    is_alone(ADA)


@pytest.mark.parametrize("path", ["/short", "/join", "/component"])
def test_two_tabs_that_begin_at_once_lose_nothing(application, window, still_open, path):
    """After a double click neither request has a cookie; the browser keeps the cookie of the later response."""
    started = add_docs_pages(application())
    started.pages["/"] = started.pages["/welcome"] = "<!doctype html><title>In</title>Welcome, you"
    ada = Mouse(window(elsewhere=started.url))
    ada.window.expect_refusal(404, "/__clerk/v1/client/sign_ups/")
    address = f"{started.url}{path}{query(ticket_for(ADA))}"
    for tab in (ada.page, ada.page.context.new_page()):
        ada.page.context.clear_cookies()
        tab.goto(address)
        expect(tab.get_by_role("textbox", name="Password")).to_be_visible()
    ada.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    ada.press("Create account" if path == "/component" else "Continue")
    expect(ada.page.get_by_text("Welcome, ")).to_be_visible()
    is_alone(ADA)
