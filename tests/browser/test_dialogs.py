"""Dialogs work for impatient people, for people who change their mind, and on an unreliable network."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Mouse
from tests.factories import InvitationFactory, UserFactory

DIALOG = "dialog[open]"


@pytest.fixture
def hands(window):
    hands = Mouse(window(UserFactory(admin=True)))
    hands.open("/invitations")
    return hands


@pytest.fixture
def hold(hands):
    """`release = hold(path, method)`: the server handles such requests, but their responses wait for `release()`."""

    def hold_requests(path, method="POST"):
        held, released = [], []

        def catch(route):
            if route.request.method != method:
                return route.continue_()
            held.append((route, route.fetch(max_redirects=0)))
            return answer_all() if released else None

        def answer_all():
            while held:
                route, answer = held.pop(0)
                route.fulfill(response=answer)

        def release():
            released.append(True)
            answer_all()

        hands.page.route(f"**{path}", catch)
        return release

    return hold_requests


def shown(hands):
    return expect(hands.page.locator(DIALOG))


def leave(hands):
    hands.page.keyboard.press("Escape")
    shown(hands).to_have_count(0)


def rows(hands):
    return expect(hands.page.locator("#invitation-rows tr"))


def invite(hands, address):
    hands.follow("Invite user")
    hands.write("E-mail address", address)
    hands.press("Send invite")


def is_the_list(hands):
    expect(hands.page).to_have_url(f"{hands.window.site.url}/invitations")
    expect(hands.page.locator("#invitations")).to_be_visible()


def test_each_redirect_url_written_is_judged_anew(hands):
    hands.follow("Invite user")
    hands.unfold("Redirect URL and metadata")
    note = hands.page.get_by_role("dialog").get_by_role("status")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")
    hands.write("Redirect URL", "javascript:alert(1)")
    expect(note).not_to_contain_text("Frontend API")
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(note).to_contain_text("cannot use the Frontend API")


def test_a_double_click_opens_one_dialog_and_once(hands, hold):
    release = hold("/invitations/new", "GET")
    hands.page.get_by_role("link", name="Invite user", exact=True).first.dblclick()
    release()
    shown(hands).to_have_count(1)
    leave(hands)
    invite(hands, "ada@example.com")
    expect(hands.page.get_by_text("is on its way")).to_be_visible()
    asked = [request.method for request in hands.window.requests if request.url.endswith("/new")]
    assert asked == ["GET", "GET", "POST"]


def test_a_click_for_a_new_tab_opens_one(hands):
    with hands.page.context.expect_page() as opened:
        hands.page.get_by_role("link", name="Invite user").first.click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Invite user")
    shown(hands).to_have_count(0)


def test_who_leaves_while_it_is_sent_is_told_all_the_same(hands, hold):
    release = hold("/invitations/new")
    invite(hands, "ada@example.com")
    leave(hands)
    release()
    expect(hands.page.get_by_text("is on its way")).to_be_visible()
    rows(hands).to_have_count(1)
    is_the_list(hands)


def test_what_is_refused_after_it_was_left_comes_back(hands, hold):
    InvitationFactory(email_address="ada@example.com")
    release = hold("/invitations/new")
    invite(hands, "ada@example.com")
    leave(hands)
    release()
    expect(hands.page.locator(DIALOG).get_by_role("alert").first).to_contain_text("open invitation")
    leave(hands)
    is_the_list(hands)


def test_a_note_that_is_answered_first_takes_no_answer_away(hands, hold):
    release = hold("/invitations/new")
    hands.follow("Invite user")
    hands.write("E-mail address", "ada@example.com")
    hands.unfold("Redirect URL and metadata")
    hands.write("Redirect URL", "http://localhost:3000")
    with hands.page.expect_response("**/redirect-url?**"):
        hands.press("Send invite")
        leave(hands)
    release()
    expect(hands.page.get_by_text("is on its way")).to_be_visible()


def test_who_leaves_is_told_that_it_failed(hands):
    hands.follow("Invite user")
    hands.write("E-mail address", "ada@example.com")
    held = []
    hands.page.route("**/invitations/new", lambda route: held.append(route))
    with hands.page.expect_request("**/invitations/new"):
        hands.press("Send invite")
    leave(hands)
    held[0].abort("connectionreset")
    expect(hands.page.get_by_text("did not reach the server")).to_be_visible()
    hands.window.trouble.clear()  # this test caused these errors


def test_what_was_left_comes_back_over_no_other_dialog(hands, hold):
    InvitationFactory(email_address="ada@example.com")
    release = hold("/invitations/new")
    invite(hands, "ada@example.com")
    leave(hands)
    hands.follow("Invite user")
    hands.write("E-mail address", "bob@example.com")
    release()
    expect(hands.page.locator(DIALOG).get_by_text("That did not work")).to_be_visible()
    expect(hands.page.get_by_label("E-mail address")).to_have_value("bob@example.com")


def test_what_is_slow_is_sent_once(hands, hold):
    hands.page.clock.install()
    release = hold("/invitations/new")
    invite(hands, "ada@example.com")
    hands.page.clock.run_for(20_000)
    hands.press("Send invite")
    release()
    expect(hands.page.get_by_text("is on its way")).to_be_visible()
    sent = [r for r in hands.window.requests if (r.method, r.url[-4:]) == ("POST", "/new")]
    assert len(sent) == 1


def test_who_leaves_while_a_page_answers_sees_that_page(hands, hold):
    ada = UserFactory(first_name="Ada", last_name="Lovelace")
    hands.open(f"/users/{ada.pk}")
    hands.follow("Delete")
    release = hold("/delete")
    hands.page.locator(DIALOG).get_by_role("button", name="Delete").click(no_wait_after=True)
    hands.page.wait_for_timeout(200)  # Playwright would wait for the next page
    hands.page.keyboard.press("Escape")
    hands.page.wait_for_timeout(200)
    release()
    expect(hands.page.get_by_text("is deleted")).to_be_visible()


def test_forward_into_a_dialog_and_back_again(hands):
    hands.follow("Invite user")
    shown(hands).to_have_count(1)
    leave(hands)
    is_the_list(hands)
    hands.page.go_forward()
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Invite user")
    hands.page.go_back()
    is_the_list(hands)


def test_back_to_a_dialog_that_led_elsewhere_shows_its_page(hands):
    hands.follow("Invite user")
    hands.unfold("Redirect URL and metadata")
    hands.write("Redirect URL", "https://app.example.com/join")
    hands.page.get_by_role("link", name="Add it in Settings").first.click()
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Settings")
    hands.page.go_back()
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Invite user")
    expect(hands.page.get_by_role("navigation", name="Main")).to_be_visible()


def test_what_fails_in_a_dialog_is_told_in_it_even_on_a_phone(hands):
    hands.page.set_viewport_size({"width": 360, "height": 700})
    hands.window.expect_refusal(403, "/invitations/new")
    hands.follow("Invite user")
    shown(hands).to_have_count(1)
    hands.page.context.clear_cookies(
        name="ollio_csrf_8000"
    )  # a sign-in in another tab does the same
    hands.press("Send invite")
    told = hands.page.locator(DIALOG).get_by_text("That did not work. Reload the page")
    expect(told).to_be_visible()
    hands.press("Send invite")
    expect(told).to_have_count(1)
    hands.press("Dismiss")
    expect(told).to_have_count(0)


def test_two_quick_revokes_are_both_counted(hands, hold):
    for name in "abc":
        InvitationFactory(email_address=f"{name}@example.com")
    hands.open("/invitations")
    release = hold("/invitations", "GET")
    for name in "ab":
        hands.press(f"Actions for {name}@example.com")
        hands.follow("Revoke")
        hands.page.locator(DIALOG).get_by_role("button", name="Revoke").click()
        expect(hands.page.get_by_text(f"{name}@example.com is revoked")).to_be_visible()
    release()
    expect(hands.page.locator("#filters")).to_contain_text("Pending 1")
