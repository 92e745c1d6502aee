"""Closed by default: request every route of the URL table without a session, and without the needed rights."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from config import urls


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        elif isinstance(entry, URLPattern):
            plain = re.sub(r"<(\w+:)?\w+>", "inv_x", re.sub(r"<int:\w+>", "1", pattern))
            yield entry.name, f"/{plain}"


APIS = ("/v1", "/__clerk")
PAGES = [(name, path) for name, path in routes() if not path.startswith(APIS) and "^" not in path]
FRONTEND_API = sorted({path for _name, path in routes() if path.startswith("/__clerk/v1/")})
API = sorted(
    {path for name, path in routes() if path.startswith("/v1/") and name not in urls.PUBLIC}
    - {"/v1/"}
)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), PAGES, ids=str)
def test_every_door_sends_a_stranger_to_sign_in_unless_it_is_public(name, path, stranger):
    answer = stranger.get(path)
    if name in urls.PUBLIC:
        assert answer.status_code < 500 or name == "health"  # not healthy, since no worker runs
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in?next=")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), PAGES, ids=str)
def test_people_who_are_no_operators_meet_a_404_on_operators_doors(name, path, member):
    answer = member.get(path)
    if name in urls.PUBLIC | urls.SIGNED_IN:
        assert answer.status_code < 500 or name == "health"
    else:
        assert answer.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), PAGES, ids=str)
def test_pages_take_what_forms_and_links_send_and_nothing_else(name, path, admin):
    for method in (admin.put, admin.patch, admin.delete):
        assert method(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", API)
def test_every_door_of_the_api_asks_for_a_key(path, stranger, member):
    for browser in (stranger, member):
        methods = (browser.get, browser.post, browser.patch, browser.put, browser.delete)
        answers = {method(path).status_code for method in methods}
        assert 401 in answers
        assert answers <= {401, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FRONTEND_API)
def test_every_door_of_the_frontend_api_answers_strangers_in_json(path, stranger):
    for method in ("get", "post", "patch", "put", "delete"):
        answer = getattr(stranger, method)(path)
        assert answer.status_code < 500
        assert answer.status_code in {307, 204} or answer["Content-Type"] == "application/json"


def test_an_expired_session_leads_htmx_to_sign_in_as_a_whole_page(stranger, db):
    answer = stranger.htmx("get", "/invitations")
    assert answer["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize("page", ["http://[", "https://evil.example/keys", "keys"])
def test_no_other_site_is_led_to(page, stranger, db):
    answer = stranger.get("/keys/new", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer["HX-Redirect"] in {"/sign-in", "/sign-in?next=keys"}


def test_htmx_is_led_back_to_the_page_it_asked_from(stranger, db):
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/keys?page=2"}
    answer = stranger.get("/keys/new", headers=asked)
    assert answer["HX-Redirect"] == "/sign-in?next=/keys%3Fpage%3D2"


@pytest.mark.parametrize(
    ("page", "leads_back_to"),
    [
        ("http://testserver/settings?a=b", "/settings%3Fa%3Db"),
        ("https://evil.example/settings", "/settings/mode"),
        ("", "/settings/mode"),
    ],
)
def test_who_posts_is_led_back_to_the_page_of_the_form(page, leads_back_to, stranger, db):
    answer = stranger.post("/settings/mode", headers={"Referer": page})
    assert answer["Location"] == f"/sign-in?next={leads_back_to}"
