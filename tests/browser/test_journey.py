"""The main job from invitation to sign-up, in three ways: by mouse, without JavaScript, and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.walks.strangers import set_up_address
from tests.factories import PASSWORD, UserFactory

ADA, BEN, EVE = "ada@example.com", "ben@example.com", "eve@example.com"


@pytest.fixture(params=["mouse", "mouse without JavaScript", "keyboard"])
def person(request, window):
    """`person()` is a person with their own browser."""
    kind = Keyboard if request.param == "keyboard" else Mouse

    def sit_down(user=None):
        return kind(window(user, javascript="without" not in request.param))

    return sit_down


def invite(operator, address, *, metadata=""):
    operator.open("/invitations")
    operator.follow("Invite user")
    operator.write("E-mail address", address)
    if metadata:
        operator.unfold("Redirect URL and metadata")
        operator.write("Public metadata", metadata)
    operator.press("Send invite")
    expect(operator.page.get_by_text(f"Invitation to {address} is on its way")).to_be_visible()


def sign_up(visitor):
    visitor.write("First name", "Ada")
    visitor.write("Last name", "Lovelace")
    visitor.write("Password", PASSWORD)
    visitor.press("Create account")


def row_of(operator, address):
    return operator.page.get_by_role("row").filter(has_text=address)


def heading(someone, text):
    return expect(someone.page.get_by_role("heading", name=text, level=1))


def test_from_an_empty_installation_to_a_user_with_metadata(site, person):
    admin, ada = person(), person()
    admin.open(set_up_address())
    admin.write("Application name", "Acme")
    admin.write("Your e-mail address", "grace@example.com")
    admin.write("Password", PASSWORD)
    admin.press("Create admin account")
    heading(admin, "Users").to_be_visible()

    invite(admin, ADA, metadata='{"role": "editor"}')
    expect(row_of(admin, ADA)).to_contain_text("Pending")

    ada.open(site.link_to(ADA))
    heading(ada, "Welcome to Acme").to_be_visible()
    expect(ada.page).to_have_url(f"{site.url}/sign-up?came_by=link")
    expect(ada.page.get_by_text(ADA)).to_be_visible()
    sign_up(ada)
    heading(ada, "You are in").to_be_visible()

    admin.open("/invitations")
    expect(row_of(admin, ADA)).to_contain_text("Accepted")
    admin.open("/users")
    admin.follow(ADA)
    heading(admin, "Ada Lovelace").to_be_visible()
    expect(admin.page.locator("main")).to_contain_text('"role": "editor"')


def test_a_revoked_link_is_dead_at_once(site, person):
    admin, ben = person(UserFactory(admin=True)), person()
    invite(admin, BEN)
    link = site.link_to(BEN)
    ben.open(link)
    heading(ben, "Welcome to").to_be_visible()

    admin.press(f"Actions for {BEN}")
    admin.follow("Revoke")
    admin.press("Revoke")
    expect(admin.page.get_by_text(f"The invitation of {BEN} is revoked")).to_be_visible()
    admin.open("/invitations")
    expect(row_of(admin, BEN)).to_contain_text("Revoked")

    sign_up(ben)  # the form was opened earlier
    expect(ben.page.get_by_text("Your invitation was withdrawn")).to_be_visible()
    ben.open(link)
    expect(ben.page.get_by_text("Your invitation was withdrawn")).to_be_visible()


def test_restricted_mode_lets_only_invited_people_in(site, person):
    admin, ben, eve = person(UserFactory(admin=True)), person(), person()
    eve.open("/sign-up")
    heading(eve, "Sign up to").to_be_visible()

    admin.open("/settings")
    admin.choose("Restricted")
    admin.press("Change the mode")
    expect(admin.page.get_by_role("link", name="Invitations").first).to_be_visible()
    invite(admin, BEN)

    eve.write("E-mail address", EVE)  # the form was opened earlier
    eve.write("Password", PASSWORD)
    eve.press("Continue")
    heading(eve, "You need an invitation").to_be_visible()
    eve.open("/sign-in")
    expect(eve.page.get_by_role("link", name="Create an account")).to_have_count(0)

    ben.open(site.link_to(BEN))
    sign_up(ben)
    heading(ben, "You are in").to_be_visible()


def test_a_banned_user_is_out_at_once(site, person):
    operator, ada = person(UserFactory(operator=True)), person(UserFactory(email_address=ADA))
    ada.open("/account")
    heading(ada, "Account").to_be_visible()

    operator.open("/users")
    operator.follow(ADA)
    operator.follow("Ban")
    heading(operator, f"Ban {ADA}?").to_be_visible()
    operator.press("Ban")
    expect(operator.page.get_by_text(f"{ADA} is banned")).to_be_visible()
    expect(operator.page.locator(".status")).to_have_text("Banned")

    ada.open("/account")
    heading(ada, "Sign in").to_be_visible()
