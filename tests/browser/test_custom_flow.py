"""The pages of docs/custom-flow.md, unchanged, on an application's own origin."""

import pytest
from playwright.sync_api import expect

from accounts.models import Application, User
from tests.browser.custom_flow import (
    ADA,
    HOME,
    WELCOME,
    acme,
    invite,
    is_told,
    sees,
    visit,
    visitor,
)
from tests.browser.hands import Keyboard, Mouse
from tests.browser.look import complaints
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import ticket_for

__all__ = ["acme", "visitor"]


@pytest.mark.parametrize("proxied", [False, True], ids=["beside", "in front"])
@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_an_invited_person_joins_after_a_weak_password_and_a_reload(site, visitor, hands, proxied):
    ada = visitor(hands, proxy=proxied, host="127.0.0.1" if proxied else "localhost")
    invitation = invite(ada.there, public_metadata={"role": "editor"})
    ada.page.goto(site.link_to(ADA))
    address = ada.page.get_by_label("E-mail address")
    expect(address).to_have_value(ADA)
    expect(address).not_to_be_editable()
    assert ada.page.url == f"{ada.there}/join"

    ada.write("Password", "password")
    ada.press("Continue")
    is_told(ada, "guess")
    expect(ada.page.get_by_label("Password")).to_be_focused()
    ada.page.reload()
    expect(address).to_have_value(ADA)
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    sees(ada, WELCOME)

    user = User.objects.get(email_address=ADA)
    invitation.refresh_from_db()
    assert (user.public_metadata, invitation.status) == ({"role": "editor"}, "accepted")


@pytest.mark.parametrize("proxied", [False, True], ids=["beside", "in front"])
@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_twenty_lines_do_for_who_got_a_mail(visitor, hands, proxied):
    ada = visitor(hands, proxy=proxied, host="127.0.0.1" if proxied else "localhost")
    visit(ada, "short", ticket=ticket_for())
    address = ada.page.get_by_label("E-mail address")
    expect(address).to_have_value(ADA)
    ada.write("Password", "password")
    ada.press("Continue")
    is_told(ada, "guess")
    ada.page.reload()
    expect(address).to_have_value(ADA)
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    sees(ada, "At home")
    assert User.objects.filter(email_address=ADA).exists()


def test_twenty_lines_lead_who_got_a_shared_link_to_the_mail(visitor):
    ada = visitor()
    visit(ada, "short", ticket=ticket_for(channel="shared"))
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    is_told(ada, "invitation mail")


@pytest.mark.parametrize(("state", "words"), [("expired", "has expired"), ("", "is not valid")])
def test_twenty_lines_tell_of_a_dead_ticket_and_of_none(visitor, state, words):
    ada = visitor()
    visit(ada, "short", ticket=ticket_for(**{state: True}) if state else "")
    is_told(ada, words)
    expect(ada.page.get_by_label("Password")).to_be_hidden()


def test_twenty_lines_look_well(visitor):
    ada = visitor()
    visit(ada, "short", ticket=ticket_for())
    expect(ada.page.get_by_label("Password")).to_be_visible()
    found = complaints(ada.window, name="short flow begun")
    ada.write("Password", "password")
    ada.press("Continue")
    is_told(ada, "guess")
    found += complaints(ada.window, name="short flow weak")
    assert found == []


@pytest.mark.parametrize(("hands", "mode"), [(Mouse, "public"), (Keyboard, "restricted")])
def test_a_shared_link_asks_for_the_mailed_code(site, visitor, hands, mode):
    ada = visitor(hands)
    Application.objects.update(sign_up_mode=mode)
    visit(ada, "join", ticket=ticket_for(channel="shared"))
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    ada.write("Code from the e-mail", "000000")
    ada.press("Continue")
    is_told(ada, "This is not the code.")
    ada.write("Code from the e-mail", site.code_to(ADA))
    ada.press("Continue")
    sees(ada, WELCOME)


def test_anybody_joins_by_a_mailed_code_and_may_mend_their_address_first(site, visitor):
    ada = visitor()
    visit(ada, "join")
    ada.write("E-mail address", "abba@example.com")
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    expect(ada.page.get_by_label("Code from the e-mail")).to_be_visible()
    ada.write("E-mail address", ADA)
    with ada.page.expect_response("**/prepare_verification"):
        ada.press("Continue")
    expect(ada.page.get_by_label("E-mail address")).to_have_value(ADA)
    ada.write("Code from the e-mail", site.code_to(ADA))
    ada.press("Continue")
    sees(ada, WELCOME)


@pytest.mark.parametrize("state", ["expired", "revoked", "accepted"])
def test_a_dead_ticket_is_told_and_nothing_is_asked(visitor, state):
    words = {"expired": "has expired", "revoked": "was withdrawn", "accepted": "was used already"}
    ada = visitor()
    visit(ada, "join", ticket=ticket_for(**{state: True}))
    is_told(ada, words[state])
    expect(ada.page.get_by_label("Password")).to_have_count(0)


def test_without_an_invitation_a_restricted_application_says_so(visitor):
    ada = visitor()
    Application.objects.update(sign_up_mode="restricted")
    visit(ada, "join")
    is_told(ada, "You need an invitation to sign up here.")


@pytest.mark.parametrize("proxied", [False, True], ids=["beside", "in front"])
@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_an_invited_person_with_an_account_signs_in_with_the_ticket(visitor, hands, proxied):
    ada = visitor(hands, proxy=proxied, host="127.0.0.1" if proxied else "localhost")
    user = UserFactory(email_address=ADA)
    ticket = ticket_for(public_metadata={"role": "editor"})
    visit(ada, "sign-in", ticket=ticket)
    ada.write("E-mail address", ADA)
    ada.write("Password", "seven dry penguins")
    ada.press("Sign in")
    is_told(ada, "do not belong together")
    ada.write("Password", PASSWORD)
    ada.press("Sign in")
    sees(ada, "At home")
    user.refresh_from_db()
    assert user.public_metadata == {"role": "editor"}


def test_the_component_is_used_as_it_is_shown(acme, window):
    started = acme()
    started.pages["/welcome"] = HOME
    ada = Mouse(window(elsewhere=started.url))
    ada.page.goto(f"{started.url}/component?__clerk_ticket={ticket_for()}")
    ada.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    ada.press("Create account")
    sees(ada, "At home")


def test_the_page_looks_well(visitor):
    ada = visitor()
    visit(ada, "join", ticket=ticket_for(channel="shared"))
    expect(ada.page.get_by_label("E-mail address")).to_have_value(ADA)
    found = complaints(ada.window, name="custom flow begun")
    ada.write("Password", "password")
    ada.press("Continue")
    is_told(ada, "guess")
    found += complaints(ada.window, name="custom flow weak")
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    expect(ada.page.get_by_label("Code from the e-mail")).to_be_visible()
    found += complaints(ada.window, name="custom flow code")
    assert found == []


def test_the_page_looks_well_in_the_end(visitor):
    ada = visitor()
    visit(ada, "join", ticket=ticket_for(revoked=True))
    is_told(ada, "was withdrawn")
    found = complaints(ada.window, name="custom flow revoked")
    visit(ada, "join", ticket=ticket_for())
    ada.write("Password", PASSWORD)
    ada.press("Continue")
    sees(ada, WELCOME)
    found += complaints(ada.window, name="custom flow welcome")
    assert found == []


def test_the_sign_in_page_looks_well(visitor):
    ada, ticket = visitor(), ticket_for()
    UserFactory(email_address=ADA)
    visit(ada, "sign-in", ticket=ticket)
    found = complaints(ada.window, name="custom sign-in begun")
    ada.write("E-mail address", ADA)
    ada.write("Password", "seven dry penguins")
    ada.press("Sign in")
    is_told(ada, "do not belong together")
    found += complaints(ada.window, name="custom sign-in refused")
    assert found == []
