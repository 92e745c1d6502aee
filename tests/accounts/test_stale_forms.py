"""A form whose CSRF token is no longer valid: nothing is changed, and the typed text stays."""

import pytest
from django.test import Client

from accounts.models import Application, SecretKey, SignUp, User
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import mails
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.test_forgery import rows

OURS = {"Origin": "http://testserver"}
OTHERS = {
    "another site": {"Origin": "https://evil.example"},
    "no origin": {},
    "null": {"Origin": "null"},
    "another site's page": {"Referer": "https://evil.example/x"},
    "another port": {"Origin": "http://testserver:8001"},
    "another scheme": {"Origin": "https://testserver"},
    "a broken origin": {"Origin": "http://[testserver"},
}
STALE = "x" * 32  # looks like a token, but is not ours


class Tab(Client):
    """A browser with Django's CSRF check on, whose form holds an older token."""

    def __init__(self, browser=None):
        super().__init__(enforce_csrf_checks=True)
        if browser:
            self.cookies = browser.cookies
        self.get("/password/reset")  # sets the cookie

    def send(self, path, said, *, headers=OURS, **more):
        return self.post(path, {"csrfmiddlewaretoken": STALE, **said}, headers=headers, **more)

    def send_again(self, path, page, said):
        token = str(page.context["csrf_token"])
        return self.post(path, {**said, "csrfmiddlewaretoken": token}, headers=OURS)


@pytest.fixture
def tab(db):
    UserFactory(email_address="grace@example.com", admin=True)
    return Tab()


@pytest.fixture
def ada(tab):
    return UserFactory(email_address="ada@example.com")


def text(answer):
    return " ".join(answer.content.decode().split())


def test_what_was_typed_at_sign_in_stays_and_the_next_try_works(tab, ada):
    said = {"login": "ada@example.com", "password": PASSWORD}
    page = tab.send("/sign-in", {**said, "next": "/account/password"})
    assert page.status_code == 403
    for shown in ('value="ada@example.com"', 'value="/account/password"', "out of date"):
        assert shown in text(page)
    assert PASSWORD not in text(page)
    assert "_auth_user_id" not in tab.session
    answer = tab.send_again("/sign-in", page, {**said, "next": "/account/password"})
    assert answer["Location"] == "/account/password"


def test_what_was_typed_at_sign_up_stays_and_the_next_try_works(tab):
    said = {"email_address": "eve@example.com", "first_name": "Eve", "last_name": "Moss"}
    page = tab.send("/sign-up", {**said, "password": PASSWORD})
    assert all(f'value="{value}"' in text(page) for value in said.values())
    assert PASSWORD not in text(page)
    assert not SignUp.objects.exists()
    again = tab.send_again("/sign-up", page, {**said, "password": PASSWORD})
    assert again["Location"] == "/sign-up/code"


def test_what_was_typed_for_a_forgotten_password_stays(tab):
    page = tab.send("/password/reset", {"email": "ada@example.com"})
    assert 'value="ada@example.com"' in text(page)
    assert mails() == []


def test_a_code_is_typed_again(tab):
    said = {"email_address": "eve@example.com", "password": PASSWORD}
    Client.post(tab, "/sign-up", said)
    tab.handler.enforce_csrf_checks = False
    tab.post("/sign-up", said)
    tab.handler.enforce_csrf_checks = True
    page = tab.send("/sign-up/code", {"code": "123456"})
    assert page.status_code == 403
    assert "eve@example.com" in text(page)
    assert "123456" not in text(page)
    assert SignUp.objects.get().tries == 0


@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS)
def test_another_site_is_told_nothing(tab, headers):
    before = rows()
    page = tab.send("/sign-in", {"login": "ada@example.com"}, headers=headers)
    assert page.status_code == 403
    assert "ada@example.com" not in text(page)
    assert "Nothing was done" in text(page)
    assert rows() == before


def test_another_sites_good_token_helps_it_no_more(tab):
    token = tab.cookies["ollio_csrf_8000"].value
    said = {"login": "ada@example.com", "csrfmiddlewaretoken": token}
    page = tab.post("/sign-in", said, headers=OTHERS["another site"])
    assert (page.status_code, "ada@example.com" in text(page)) == (403, False)


@pytest.mark.parametrize(
    ("path", "said", "leads_to"),
    [
        ("/sign-in", {"login": "eve@example.com", "next": "/account/email"}, "/account/email"),
        ("/sign-in", {"login": "eve@example.com"}, "/"),
        ("/sign-in?next=/account", {}, "/account"),
        ("/sign-in", {"next": "https://evil.example/"}, "/"),
        ("/sign-in", {"next": "//evil.example/"}, "/"),
        ("/sign-in", {"next": "javascript:alert(1)"}, "/"),
        ("/sign-up", {"email_address": "eve@example.com"}, "/"),
        ("/sign-up/code", {"code": "123456"}, "/"),
        ("/sign-up/code/again", {}, "/"),
        ("/password/reset", {"email": "eve@example.com"}, "/"),
        ("/password/reset/code", {"code": "123456"}, "/"),
    ],
)
def test_who_is_signed_in_by_now_is_told_so(member, path, said, leads_to):
    tab = Tab(member)
    before = rows()
    page = tab.send(path, said)
    assert "You are signed in already" in text(page)
    assert f'href="{leads_to}">Continue' in text(page)
    assert "eve@example.com" not in text(page)
    assert rows() == before


def test_the_ticket_of_the_tab_leads_on_to_its_own_invitation(member, invited):
    handle = invited("bob@example.com")
    tab = Tab(member)
    page = tab.send("/sign-up", {"handle": handle, "password": PASSWORD})
    assert 'href="/accept-invitation">Continue' in text(page)
    assert "for another address" in text(tab.get("/accept-invitation"))
    assert Invitation.objects.get().accepted_at is None


@pytest.fixture
def invited():
    """`invited(address)`: the cookie value in the form of an invited visitor."""

    def open_link(address):
        invitation = InvitationFactory(email_address=address)
        raw = Ticket.objects.mint(invitation, channel="mail")
        page = Client().get(f"/v1/tickets/accept?ticket={raw}", follow=True)
        return page.context["handle"]

    return open_link


def test_of_two_tickets_the_one_of_the_tab_is_gone_on_with(tab, invited):
    ada, bob = invited("ada@example.com"), invited("bob@example.com")
    tab.cookies["sign-up_8000"] = bob
    page = tab.send("/sign-up", {"handle": ada, "first_name": "Ada", "password": PASSWORD})
    assert "ada@example.com" in text(page)
    assert "bob@example.com" not in text(page)
    assert 'value="Ada"' in text(page)
    said = {"handle": page.context["handle"], "first_name": "Ada", "password": PASSWORD}
    assert tab.send_again("/sign-up", page, said)["Location"] == "/account/welcome"
    assert User.objects.filter(email_key="ada@example.com").exists()


def test_a_handle_that_is_too_old_becomes_no_ordinary_sign_up(tab):
    page = tab.send("/sign-up", {"handle": "old", "first_name": "Ada"})
    assert page["Location"] == "/sign-up?notice=open_too_long"


def test_a_form_without_a_page_of_its_own_leads_back_to_the_page_it_stood_on(admin):
    tab = Tab(admin)
    page = {**OURS, "Referer": "http://testserver/settings?x=1"}
    answer = tab.send("/settings/mode", {"sign_up_mode": "restricted"}, headers=page)
    assert (answer.status_code, answer["Location"]) == (303, "/settings?x=1")
    assert "out of date" in text(tab.get("/settings"))
    assert not Application.objects.current().is_restricted


@pytest.mark.parametrize("referer", ["https://evil.example/", "http://[", ""])
def test_it_never_leads_to_another_site(admin, referer):
    headers = {**OURS, "Referer": referer}
    assert Tab(admin).send("/settings/mode", {}, headers=headers)["Location"] == "/"


def test_what_operators_typed_stays_too(admin):
    tab = Tab(admin)
    said = {"email_address": "eve@example.com", "public_metadata": '{"role": "editor"}'}
    page = tab.send("/invitations/new", said)
    assert 'value="eve@example.com"' in text(page)
    assert "editor" in text(page)
    page = tab.send("/keys/new", {"name": "Shop", "scope": "read_only", "expires": "90"})
    for shown in ('value="Shop"', '"read_only" selected', '"90" selected'):
        assert shown in text(page)
    assert not Invitation.objects.exists()
    assert not SecretKey.objects.exists()


def test_a_stranger_sees_no_operators_page_by_it(tab):
    answer = tab.send("/invitations/new", {"email_address": "eve@example.com"})
    assert answer["Location"].startswith("/sign-in?next=")


def test_htmx_keeps_what_it_has(admin):
    answer = Tab(admin).send("/keys/new", {"name": "Shop"}, headers={**OURS, "HX-Request": "true"})
    assert (answer.status_code, "Shop" in text(answer)) == (403, False)


def test_a_browser_without_cookies_is_told_to_allow_them(tab):
    tab.cookies.clear()
    page = tab.send("/sign-in", {"login": "ada@example.com"})
    assert "Allow cookies for this site" in text(page)
    assert 'value="ada@example.com"' in text(page)


@pytest.mark.parametrize("mode", ["public", "restricted"])
@pytest.mark.parametrize("has_account", [False, True])
def test_a_link_without_its_cookie_says_that_cookies_are_needed(tab, mode, has_account):
    Application.objects.update(sign_up_mode=mode)
    if has_account:
        UserFactory(email_address="ada@example.com")
    raw = Ticket.objects.mint(InvitationFactory(email_address="ada@example.com"), channel="mail")
    page = Client().get(f"/v1/tickets/accept?ticket={raw}")
    while page.status_code in {302, 303}:
        page = Client().get(page["Location"])  # a new client each time keeps no cookies
    assert page.status_code == 200
    assert "Cookies are needed" in text(page)
    assert raw not in page.request["QUERY_STRING"]


def test_with_its_cookie_the_same_address_is_the_form(tab, invited):
    tab.cookies["sign-up_8000"] = invited("ada@example.com")
    assert "Welcome to" in text(tab.get("/sign-up?came_by=link"))


def test_without_cookies_an_invited_person_loses_nothing_typed(tab, invited):
    handle = invited("ada@example.com")
    tab.cookies.clear()
    page = tab.send("/sign-up", {"handle": handle, "first_name": "Ada", "password": PASSWORD})
    for shown in ("Allow cookies for this site", 'value="Ada"', "ada@example.com"):
        assert shown in text(page)
