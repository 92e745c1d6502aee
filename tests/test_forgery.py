"""No other site can make a signed-in browser change anything. Every route of the URL table is tried."""

import pytest
from django.test import Client

from accounts.models import Application
from tests.factories import PASSWORD, InvitationFactory, SecretKeyFactory
from tests.test_doors import API, APIS, FRONTEND_API, routes
from tests.test_secrets import dump

DOORS = [
    path for _name, path in routes() if not path.startswith(APIS) or path.startswith("/v1/tickets")
]
CODES = (
    "sign_up_code",
    "sign_in_code",
    "password_reset_code",
    "change_address_code",
    "proof_by_code_typed",
)
POST_ONLY = {
    "confirm_sign_out",
    "end_session",
    "mfa_download_recovery_codes",
    "sign_up_mode",
    *(f"{name}_again" for name in CODES),
}
UNHEARD = {403, 405}  # refused, or there is nothing to post to
EVIL = {"Origin": "https://evil.example"}


@pytest.fixture
def real(admin, member):
    """The same URL table with ids of existing rows, so that an accepted post would be noticed."""
    known = {
        "users/inv_x": f"users/{member.user.pk}",
        "operators/inv_x": f"operators/{admin.user.pk}",
        "keys/inv_x": f"keys/{SecretKeyFactory().pk}",
        "invitations/inv_x": f"invitations/{InvitationFactory().pk}",
    }

    def name(path):
        for placeholder, row in known.items():
            path = path.replace(placeholder, row)
        return path

    return [name(path) for path in DOORS]


def careful(browser):
    """Return the browser with Django's CSRF check on, which test clients turn off, and its valid token."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser.cookies
    client.get("/account/password" if browser.user else "/sign-in")
    return client, client.cookies["ollio_csrf_8000"].value


@pytest.fixture(params=["stranger", "member", "operator", "admin"])
def visitor(request, admin):
    return careful(request.getfixturevalue(request.param))


def rows():
    """Return all stored data."""
    return dump()


def said(**more):
    """Return valid form data, so that only the CSRF check can refuse it."""
    fields = {"email_address": "eve@example.com", "password": PASSWORD, "name": "Eve"}
    fields |= {"is_required": "required", "grace_days": 0}
    return {**fields, "role": "admin", "sign_up_mode": "restricted", **more}


def test_no_post_without_a_token_is_heard(visitor, real):
    browser, _token = visitor
    before = rows()
    answers = {path: browser.post(path, said()).status_code for path in real}
    assert {path for path, status in answers.items() if status not in UNHEARD} == set()
    assert rows() == before


def test_no_post_from_another_site_is_heard_even_with_a_good_token(visitor, real):
    browser, token = visitor
    before, form = rows(), said(csrfmiddlewaretoken=token)
    answers = {path: browser.post(path, form, headers=EVIL).status_code for path in real}
    assert {path for path, status in answers.items() if status not in UNHEARD} == set()
    assert rows() == before


@pytest.mark.parametrize("origin", ["null", "http://testserver.evil.example", "https://testserver"])
def test_what_is_not_quite_our_origin_is_another_site(admin, origin):
    browser, token = careful(admin)
    form = said(csrfmiddlewaretoken=token)
    assert browser.post("/keys/new", form, headers={"Origin": origin}).status_code == 403


def test_the_same_post_from_our_own_page_is_heard(admin):
    browser, token = careful(admin)
    form = said(csrfmiddlewaretoken=token)
    answer = browser.post("/invitations/new", form, headers={"Origin": "http://testserver"})
    assert answer["Location"] == "/invitations"


def test_doors_that_only_change_things_cannot_be_looked_at(admin):
    pages = [(name, path) for name, path in routes() if "^" not in path and "(" not in path]
    ours = [(name, path) for name, path in pages if not path.startswith((*APIS, "/back-room"))]
    assert {name for name, path in ours if admin.get(path).status_code == 405} == POST_ONLY


def test_sign_out_and_revoking_by_api_take_no_get_either(admin, api):
    assert admin.get("/back-room/logout/").status_code == 405
    assert api.get(f"/v1/invitations/{InvitationFactory().pk}/revoke").status_code == 405
    admin.get("/sign-out")
    assert admin.get("/account").status_code == 200


def test_the_api_knows_no_cookies(admin, real):
    browser, token = careful(admin)
    headers, before = {"X-CSRFToken": token}, rows()
    for path in [*API, *(f"{each}?csrfmiddlewaretoken={token}" for each in API)]:
        answer = browser.post(path, said(), "application/json", headers=headers)
        assert answer.status_code in {401, 405}
    assert browser.post("/v1/invitations", said(), "application/json").status_code == 401
    assert rows() == before


@pytest.mark.parametrize(("headers", "code"), [(EVIL, "origin_invalid"), ({}, "origin_missing")])
def test_the_frontend_api_hears_no_change_from_another_site(admin, headers, code):
    admin.cookies["__client_8000"] = admin.cookies["ollio_session_8000"].value
    Application.objects.current()  # the first call creates the row
    form, before = "application/x-www-form-urlencoded", rows()
    for path in FRONTEND_API:
        for query in ("", "?_method=PATCH", "?_method=DELETE"):
            answer = admin.post(f"{path}{query}", "identifier=x", form, headers=headers)
            told = answer.json()["errors"][0]["code"]
            assert told in {code, "method_not_allowed", "resource_not_found"}
    assert rows() == before


def test_the_session_cookie_stays_home_on_posts_from_elsewhere(client, admin):
    client.post("/sign-in", {"login": admin.user.email_address, "password": PASSWORD})
    cookies = {
        client.cookies[name]["samesite"] for name in ("ollio_session_8000", "ollio_csrf_8000")
    }
    assert cookies == {"Lax"}
    assert client.cookies["ollio_session_8000"]["httponly"]
