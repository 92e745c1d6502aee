"""Origins of pages that may call the API: web sites, and also apps and extensions, which no link may lead to."""

import pytest

from accounts.models import Application
from invitations.origins import clean_caller, clean_origin
from invitations.targets import InvalidTarget
from tests.frontend_api.test_origins import APPS

SHARED = "capacitor://localhost"
WARNING = "Any app that is built with the same tools has this origin too"


@pytest.mark.parametrize(
    "origin", [*APPS, "https://app.example.com", "http://tenant.localhost:3000"]
)
def test_an_origin_that_browsers_write_is_taken_as_it_is(origin):
    assert clean_caller(origin) == origin


@pytest.mark.parametrize("written", ["Capacitor://LocalHost", "capacitor://localhost/"])
def test_it_is_brought_into_its_normal_form(written):
    assert clean_caller(written) == SHARED


@pytest.mark.parametrize(
    "text",
    [
        "capacitor://",
        "capacitor:localhost",
        "capacitor://localhost:80",
        "capacitor://localhost/index.html",
        "capacitor://evil.example",
        "capacitor://me@localhost",
        "capacitor://localhost capacitor://localhost",
        "tauri://localhost\n",
        "chrome-extension://short",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnoq",
        "chrome-extension://*",
        "moz-extension://0a1b2c3d",
    ],
)
def test_what_no_browser_writes_is_refused_with_an_example(text):
    with pytest.raises(InvalidTarget, match="such as capacitor://localhost"):
        clean_caller(text)


@pytest.mark.parametrize("text", ["file://", "null", "myapp://x", "javascript:alert(1)", "*", None])
def test_other_schemes_are_refused_as_before(text):
    with pytest.raises(InvalidTarget):
        clean_caller(text)


@pytest.mark.parametrize("origin", APPS)
def test_an_app_is_no_place_to_lead_people_to(origin):
    with pytest.raises(InvalidTarget, match="Use https:// instead"):
        clean_origin(origin)


def test_programs_allow_them_and_cannot_redirect_there(api):
    answer = api.patch("/v1/instance", {"allowed_origins": APPS}, content_type="application/json")
    assert answer.status_code == 204
    assert Application.objects.get().allowed_origins == APPS
    there = api.patch("/v1/instance", {"redirect_origins": APPS}, content_type="application/json")
    assert there.status_code == 422


def test_settings_allow_them_and_warn_of_those_that_any_app_has(admin):
    Application.objects.current()
    Application.objects.update(allowed_origins=[APPS[3]])
    assert WARNING not in admin.get("/settings").text
    said = {"name": "Ollio", "initial-name": "Ollio", "initial-allowed_origins": APPS[3]}
    admin.post("/settings", {**said, "allowed_origins": f"{SHARED}\n{APPS[3]}"})
    page = admin.get("/settings").text
    assert WARNING in page
    assert f'notice__title">{SHARED}<' in page
