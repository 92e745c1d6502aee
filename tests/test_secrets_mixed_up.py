"""Every secret that Ollio issues works only for its own purpose."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Application, User
from accounts.publishable_key import publishable_key
from config import client_cookie
from invitations.models import Invitation, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api import signing_in, signing_up
from tests.frontend_api.conftest import FrontendBrowser


@pytest.fixture
def new_browser(db, settings):
    """Open browsers on one of our own pages, which calls the Frontend API."""
    Application.objects.prepare()
    many = ("unknown_ticket", "frontend_sign_up", "frontend_sign_in", "code_tried")
    settings.LIMITS = dict.fromkeys(many, 10**6)
    return lambda: FrontendBrowser(origin=settings.BASE_URL)


@pytest.fixture
def hosted(api, stranger, member, settings):
    """Every secret except tickets, as a page, a mail or a terminal shows it."""
    ticket = Ticket.objects.mint(InvitationFactory(), channel="mail")
    stranger.get("/v1/tickets/accept", {"ticket": ticket}, follow=True)
    newcomer = Client()
    newcomer.post("/sign-up", {"email_address": "eve@example.com", "password": PASSWORD})
    Client().post("/password/reset", {"email": member.user.email_address})
    to_prove, to_reset = mails()
    return {
        "key": api.defaults["HTTP_AUTHORIZATION"].partition(" ")[2],
        "handle of a ticket": stranger.cookies["sign-up_8000"].value,
        "handle of a sign-up": newcomer.cookies["sign-up_8000"].value,
        "session": member.cookies[settings.SESSION_COOKIE_NAME].value,
        "CSRF token": stranger.cookies[settings.CSRF_COOKIE_NAME].value,
        "set-up code": Application.objects.new_set_up_code(),
        "sign-up code": code_of(to_prove),
        "reset code": code_of(to_reset),
        "id": Invitation.objects.get().pk,
        "hash": Ticket.objects.get().hash,
    }


@pytest.fixture
def of_frontend_api(hosted, member, new_browser, settings):
    """The Frontend API's secrets, from three browsers: one is signed in, one signs in, one signs up."""
    inside, entering, joining = new_browser(), new_browser(), new_browser()
    session = inside.sign_in(member.user.email_address)
    token = inside.post(f"client/sessions/{session}/tokens").json()["jwt"]
    back = inside.get("client/handshake", redirect_url=settings.BASE_URL)["Location"]
    begun = signing_in.begin(entering, member.user.email_address, strategy="email_code")
    sign_in_code = code_of(mails()[-1])
    path = signing_up.by_address(joining, "ida@example.com")
    return {
        "client": inside.cookies[client_cookie.NAME].value,
        "session token": token,
        "handshake": parse_qs(urlsplit(back).query)["__clerk_handshake"][0],
        "publishable key": publishable_key(),
        "sign-in code": sign_in_code,
        "sign-up code of a page": code_of(mails()[-1]),
        "id of a session": session,
        "id of a sign-in": begun.json()["response"]["id"],
        "id of a sign-up": path.rpartition("/")[2],
    }


@pytest.fixture
def others(hosted, of_frontend_api):
    """Each secret as it is, and with the prefix and length of a ticket."""
    texts = {*hosted.values(), *of_frontend_api.values()}
    dressed = {f"olt_{text.partition('_')[2] or text}" for text in texts}
    return texts | dressed | {f"olt_{text:x<43.43}" for text in texts}


def test_no_other_secret_opens_a_link(others):
    for text in others:
        browser = Client()
        assert browser.get("/v1/tickets/accept", {"ticket": text}).status_code == 400
        assert browser.get("/sign-up", {"__clerk_ticket": text}).status_code == 303
        assert "sign-up" not in browser.cookies


def test_no_other_secret_is_a_ticket_of_the_frontend_api(others, new_browser):
    for text in others:
        for door in ("client/sign_ups", "client/sign_ins"):
            answer = new_browser().post(door, strategy="ticket", ticket=text, password=PASSWORD)
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["code"] == "ticket_invalid_code"


@pytest.fixture
def ticket(db):
    return Ticket.objects.mint(InvitationFactory(email_address="ada@example.com"), channel="api")


def test_a_ticket_is_no_api_key(ticket, stranger):
    headers = {"Authorization": f"Bearer {ticket}"}
    assert stranger.get("/v1/invitations", headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {ticket.replace('olt_', 'sk_live_')}"}
    assert stranger.get("/v1/invitations", headers=headers).status_code == 401


def test_a_ticket_is_no_handle(ticket, stranger):
    stranger.cookies["sign-up_8000"] = ticket
    assert "ada@example.com" not in stranger.get("/sign-up").text
    said = {"handle": ticket, "password": PASSWORD}
    for path in ("/sign-up", "/sign-up/code"):
        answer = stranger.post(path, said | {"code": "123456"})
        assert answer["Location"] == "/sign-up?notice=open_too_long"
    assert Invitation.objects.get().status == "pending"
    assert not User.objects.exists()


def test_a_ticket_is_no_session(ticket, stranger, settings):
    stranger.cookies[settings.SESSION_COOKIE_NAME] = ticket
    assert stranger.get("/account").status_code == 302


@pytest.mark.parametrize("prefix", ["olt_", "osu_"])
def test_a_ticket_is_no_set_up_code(ticket, stranger, prefix):
    said = {"name": "Acme", "email_address": "eve@example.com", "password": PASSWORD}
    code = ticket.replace("olt_", prefix)
    assert stranger.post("/setup", {**said, "code": code}).context["form"].errors["code"]
    assert not User.objects.exists()


def test_a_ticket_is_no_sign_up_code(ticket, stranger):
    stranger.post("/sign-up", {"email_address": "ada@example.com", "password": PASSWORD})
    assert stranger.post("/sign-up/code", {"code": ticket}).context["form"].errors["code"]
    assert not User.objects.exists()


def test_a_ticket_is_no_reset_code(ticket, stranger):
    UserFactory(email_address="ada@example.com")
    stranger.post("/password/reset", {"email": "ada@example.com"})
    assert stranger.post("/password/reset/code", {"code": ticket}).context["form"].errors["code"]
    stranger.post("/password/reset/new", {"password1": "eight quiet otters"})
    assert User.objects.get().check_password(PASSWORD)


def test_a_ticket_is_no_client(ticket, new_browser):
    browser = new_browser()
    for name in (client_cookie.NAME, "__session"):
        browser.cookies[name] = ticket
    client = browser.client()
    assert (client["sessions"], client["sign_in"], client["sign_up"]) == ([], None, None)
    assert browser.get("me").status_code == 401


def test_a_ticket_is_no_session_token(ticket, new_browser):
    headers = {"Authorization": f"Bearer {ticket}"}
    assert new_browser().get("me", headers=headers).status_code == 401


def test_a_ticket_names_nothing_that_was_begun(ticket, new_browser):
    browser = new_browser()
    signing_up.begin(browser, email_address="eve@example.com")
    signing_in.begin(browser, "eve@example.com")
    assert signing_up.prepare(browser, f"client/sign_ups/{ticket}").status_code == 404
    path = f"client/sign_ins/{ticket}/prepare_first_factor"
    assert browser.post(path, strategy="email_code").status_code == 404


def test_a_ticket_names_no_session(ticket, new_browser, member):
    browser = new_browser()
    assert browser.sign_in(member.user.email_address)
    assert browser.post(f"client/sessions/{ticket}/tokens").status_code == 401


def test_a_ticket_is_no_sign_up_code_of_the_frontend_api(ticket, new_browser):
    browser = new_browser()
    path = signing_up.by_address(browser, "ada@example.com")
    answer = signing_up.attempt(browser, path, ticket)
    assert answer.json()["errors"][0]["code"] == "form_code_incorrect"
    assert not User.objects.exists()


@pytest.mark.parametrize("strategy", ["email_code", "reset_password_email_code"])
def test_a_ticket_is_no_sign_in_code(ticket, new_browser, strategy):
    UserFactory(email_address="ada@example.com")
    browser = new_browser()
    begun = signing_in.begin(browser, strategy=strategy)
    answer = signing_in.attempt(browser, begun, strategy, code=ticket)
    assert answer.json()["errors"][0]["code"] == "form_code_incorrect"
    assert browser.client()["sessions"] == []
    assert browser.client()["sign_in"]["status"] == "needs_first_factor"


def test_a_ticket_is_no_password(ticket, new_browser):
    UserFactory(email_address="ada@example.com")
    answer = signing_in.begin(new_browser(), password=ticket)
    assert answer.json()["errors"][0]["code"] == "form_password_incorrect"
