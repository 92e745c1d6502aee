"""Clerk's cards with what Ollio tells them, on a phone, by day and by night. Their markup is not ours: no axe here."""

import pytest

from accounts.models import Application, User
from tests.browser.clerk import PORT
from tests.browser.look import PHONE, SCHEMES, shoot, too_wide_on_phones
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import ticket_for

ADA = "augusta.ada.king.countess.of.lovelace@mathematics.example.com"


@pytest.fixture(params=SCHEMES)
def ada(request, visitor):
    ada = visitor(PORT, viewport=PHONE, color_scheme=request.param)
    ada.scheme = request.param
    Application.objects.update(name="Analytical Engines of Great Britain")
    for status in (400, 422):
        ada.window.expect_refusal(status, "/client/sign_")
    return ada


def too_wide(visitor):
    found = too_wide_on_phones(visitor.page)
    visitor.page.set_viewport_size(PHONE)
    card = visitor.page.get_by_role("heading").last.inner_text()
    shoot(visitor.page, f"clerk phone {visitor.scheme} {card}")
    return found


def visit_with_ticket(visitor, **state):
    visitor.visit(f"/sign-up?__clerk_ticket={ticket_for(ADA, **state)}")


def test_an_invited_person_joins_on_a_phone(ada):
    visit_with_ticket(ada)
    ada.sees_card("Fill in missing fields")
    assert too_wide(ada) == []
    ada.choose_password(ADA)
    ada.press("Continue")
    ada.is_told("Your password is not strong enough.", at="Password")
    assert too_wide(ada) == []
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
    assert User.objects.filter(email_address=ADA).exists()


def test_sign_up_and_its_refusals_fit_a_phone(ada):
    visit_with_ticket(ada, expired=True)
    ada.sees_card("Create your account")
    ada.sees("This link has expired.")
    assert too_wide(ada) == []
    ada.write("Email address", ADA)
    ada.choose_password(PASSWORD)
    ada.press("Continue")
    ada.sees_card("Verify your email")
    assert too_wide(ada) == []
    Application.objects.update(sign_up_mode="restricted")
    ada.visit("/sign-up")
    ada.sees_card("Access restricted")
    assert too_wide(ada) == []


def test_somebody_signs_in_on_a_phone(ada):
    UserFactory(email_address=ADA)
    ada.visit("/sign-in")
    ada.sees_card("Sign in to")
    assert too_wide(ada) == []
    ada.write("Email address", ADA)
    ada.press("Continue")
    ada.sees_card("Enter your password")
    ada.write("Password", "six wet penguins")
    ada.press("Continue")
    ada.is_told("This address and password do not belong together. Check both.", at="Password")
    assert too_wide(ada) == []
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    ada.is_home(ADA)
