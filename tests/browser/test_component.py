"""<ollio-sign-up> on an application's page: every way to sign up with it."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from invitations.models import Invitation
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

__all__ = ["joining"]


@pytest.mark.parametrize("kind", ['type="module"', "defer"], ids=["module", "plain"])
@pytest.mark.parametrize("proxy", [False, True], ids=["neighbour", "proxied"])
def test_an_invited_person_signs_up_on_the_application_s_page(site, joining, kind, proxy):
    name_application()
    ada = joining(kind=kind, proxy=proxy)
    invitation = invite(redirect_url=f"{ada.application.url}/join?x=1%2F+2#top")
    ada.page.goto(site.link_to(ADA))
    ada.listen()
    ada.sees_title("Welcome to Acme")
    ada.sees(ADA)
    assert ada.page.url == f"{ada.application.url}/join?x=1%2F+2#top"
    ada.password_in()
    ada.sees_title("You are in")
    user = User.objects.get(email_address=ADA)
    [[name, told]] = ada.told()
    assert (name, told["userId"]) == ("ollio:complete", user.pk)
    assert told["token"].count(".") == 2
    assert Invitation.objects.get(pk=invitation.pk).accepted_user == user


def test_a_weak_password_a_reload_and_a_second_tab_keep_the_invitation(joining):
    name_application()
    ada, raw = joining(), ticket(invite())
    ada.visit(query(raw))
    ada.write("First name · optional", "Ada")
    ada.write("Password", WEAK)
    ada.press("Create account")
    ada.sees("This is easy to guess.")
    ada.has_focus("Password")
    ada.page.reload()
    ada.sees_title("Welcome to Acme")
    other = ada.in_another_tab()
    other.visit(query(raw))
    other.sees("Verified")
    ada.password_in()
    ada.sees_title("You are in")
    other.password_in()
    other.sees_title("You are signed in")


def test_a_shared_link_asks_for_the_code_and_a_reload_goes_on_there(site, joining):
    name_application(sign_up_mode="restricted")
    ada = joining()
    shared = ticket(invite(), channel="shared")
    site.deliver()
    ada.visit(query(shared))
    ada.write("Password", STRONG)
    ada.press("Continue")
    ada.sees_title("Check your e-mail")
    ada.has_focus("Code")
    ada.page.reload()
    ada.sees_title("Check your e-mail")
    expect(ada.component.get_by_role("button", name="Use another address")).to_have_count(0)
    ada.write("Code", site.code_to(ADA))
    ada.press("Create account")
    ada.sees_title("You are in")


def test_anybody_signs_up_with_address_and_code_in_public_mode(site, joining):
    name_application()
    ada = joining()
    ada.visit()
    ada.sees_title("Sign up to Acme")
    ada.press("Continue")
    ada.sees("Give an e-mail address.")
    ada.sees("Choose a password.")
    ada.has_focus("E-mail address")
    ada.write("E-mail address", "lovelace@example.com")
    ada.write("Password", STRONG)
    ada.press("Continue")
    ada.press("Use another address")
    ada.has_focus("E-mail address")
    ada.write("E-mail address", ADA)
    ada.press("Continue")
    ada.sees(ADA)
    ada.write("Code", " ".join(site.code_to(ADA)))
    ada.press("Create account")
    ada.sees_title("You are in")
    assert User.objects.get().email_address == ADA


def test_a_page_of_few_words_asks_for_no_names_and_leads_on(joining):
    name_application()
    ada = joining(attributes='no-names redirect="/home"')
    ada.application.pages["/home"] = "<!doctype html><title>Home</title>"
    ada.visit(query(ticket(invite())))
    expect(ada.component.get_by_label("First name")).to_have_count(0)
    ada.password_in()
    expect(ada.page).to_have_title("Home")


@pytest.mark.parametrize(
    "target", ["javascript:document.title=1", "http://elsewhere.example/", "data:text/html,x"]
)
def test_a_redirect_to_what_is_neither_here_nor_https_is_not_followed(joining, target):
    name_application()
    ada = joining(attributes=f'redirect="{target}"')
    ada.visit(query(ticket(invite())))
    ada.password_in()
    ada.sees_title("You are in")
    expect(ada.page).to_have_title("Join")


def test_the_keyboard_alone_is_enough(site, joining):
    name_application()
    ada = joining(attributes="autofocus")
    ada.visit()
    ada.has_focus("E-mail address")
    ada.types(ADA, "Tab", "Ada", "Tab", "Lovelace", "Tab", STRONG, "Tab", "Enter")
    expect(ada.component.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    ada.types("Tab", "Enter")
    ada.has_focus("Code")
    ada.types("000000", "Enter")
    ada.sees("This is not the code.")
    ada.has_focus("Code")
    ada.types("Control+A", site.code_to(ADA), "Enter")
    ada.sees_title("You are in")
    assert User.objects.get().first_name == "Ada"
