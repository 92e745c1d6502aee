"""Every state of <ollio-sign-up>, light and dark, wide and narrow, with axe-core, and for horizontal scrolling."""

import pytest
from playwright.sync_api import expect

from accounts.addresses import normalise_email
from tests.browser.component import (
    ADA,
    STRONG,
    WEAK,
    invite,
    joining,
    name_application,
    query,
    ticket,
)
from tests.browser.look import complaints
from tests.factories import InvitationFactory, UserFactory

__all__ = ["joining"]
LONG = f"{'a' * 64}@{'.'.join(['b' * 59] * 3)}.example"


def test_the_form_and_its_errors_look_right(joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(invite())))
    assert complaints(ada.window, name="component invited") == []
    ada.write("Password", WEAK)
    ada.press("Create account")
    ada.sees("This is easy to guess.")
    assert complaints(ada.window, name="component weak") == []
    ada.password_in()
    ada.sees_title("You are in")
    assert complaints(ada.window, name="component done") == []
    ada.visit()
    ada.sees_title("You are signed in")
    assert complaints(ada.window, name="component signed in") == []


def test_the_ordinary_form_and_the_code_look_right(joining):
    name_application()
    ada = joining()
    ada.visit(query(ticket(InvitationFactory(expired=True))))
    ada.sees("Your invitation has expired.")
    assert complaints(ada.window, name="component expired") == []
    ada.write("E-mail address", LONG)
    ada.write("Password", STRONG)
    ada.press("Continue")
    ada.sees_title("Check your e-mail")
    assert complaints(ada.window, name="component code") == []
    ada.write("Code", "1")
    ada.press("Create account")
    ada.sees("Type the six digits")
    assert complaints(ada.window, name="component wrong code") == []


@pytest.mark.parametrize("mode", ["restricted"])
def test_what_has_no_form_looks_right(joining, mode):
    name_application(sign_up_mode=mode)
    ada, raw = joining(), ticket(invite())
    ada.visit()
    ada.sees_title("You need an invitation")
    assert complaints(ada.window, name="component refused") == []
    UserFactory(email_address=ADA)
    ada.visit(query(raw))
    ada.sees_title("You have an account")
    assert complaints(ada.window, name="component member") == []


def test_an_outage_looks_right(joining):
    ada = joining()
    ada.page.route("**/__clerk/**", lambda route: route.abort())
    ada.visit()
    ada.sees("We cannot be reached.")
    assert complaints(ada.window, name="component outage") == []
    ada.forgets_outage()


def test_a_long_address_wraps(joining):
    name_application()
    ada = joining()
    invitation = InvitationFactory(email_address=normalise_email(LONG).email_address)
    ada.visit(query(ticket(invitation)))
    ada.sees("Verified")
    assert complaints(ada.window, name="component long") == []


def test_colours_are_the_page_s_to_choose(joining):
    name_application()
    ada = joining(color_scheme="dark")
    ada.visit(query(ticket(invite())))
    button = ada.component.get_by_role("button", name="Create account")
    expect(button).to_have_css("background-color", "rgb(138, 166, 255)")
    ada.page.evaluate("document.querySelector('meta[name=color-scheme]').content = 'light'")
    expect(button).to_have_css("background-color", "rgb(47, 91, 234)")
    ada.page.evaluate(
        "document.querySelector('ollio-sign-up').style.setProperty('--ollio-accent', '#12734a')"
    )
    expect(button).to_have_css("background-color", "rgb(18, 115, 74)")
