"""What the invite form says about a redirect URL: during typing, and without JavaScript after sending."""

import pytest

from accounts.models import Application
from invitations.models import Event

NOTE = "/invitations/new/redirect-url"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def _origins(db):
    Application.objects.current()
    origins = ["https://app.example.com", "https://in.example.com"]
    Application.objects.update(redirect_origins=origins, allowed_origins=["https://in.example.com"])


def note(operator, url):
    return text(operator.get(NOTE, {"redirect_url": url}))


def test_a_listed_origin_is_said_to_be_listed(operator):
    said = note(operator, "https://in.example.com/join?x=1")
    assert "This origin is in the list." in said
    assert "Its pages may use the Frontend API." in said


def test_a_page_that_may_not_use_the_frontend_api_is_told(operator, admin):
    assert "cannot use the Frontend API" in note(operator, "https://app.example.com/join")
    assert "/settings#id_allowed_origins" in note(admin, "https://app.example.com/join")


def test_who_can_add_an_origin_is_led_there(operator, admin):
    url = "https://evil.example/x"
    assert "https://evil.example is not in the list" in note(operator, url)
    assert "An admin can add it" in note(operator, url)
    assert "/settings#" not in note(operator, url)
    assert "/settings#id_redirect_origins" in note(admin, url)


def test_an_empty_list_is_said_to_let_everything_of_an_admin_pass(admin):
    Application.objects.update(redirect_origins=[])
    assert "Every https address is accepted" in note(admin, "https://a.example/")


def test_operators_read_where_they_may_lead_people(operator):
    Application.objects.update(redirect_origins=[])
    for url in ("", "https://a.example/"):
        said = note(operator, url)
        assert "Whoever gets the link proves the address" in said
        assert "Every https address" not in said


def test_in_development_they_read_that_localhost_is_good(operator, settings):
    Application.objects.update(redirect_origins=[])
    assert "localhost" not in note(operator, "")
    settings.DEBUG = True
    assert "In development, localhost too." in note(operator, "")
    assert "your own machine" in note(operator, "http://localhost:3000/")


def test_the_home_urls_origin_is_said_to_be_allowed(operator):
    Application.objects.update(home_url="https://home.example.com/")
    assert "home URL's origin" in note(operator, "https://home.example.com/join").replace(
        "&#x27;", "'"
    )


def test_a_hosted_page_is_always_allowed(operator):
    assert "always allowed" in note(operator, "http://localhost:8000/sign-up")


def test_the_applications_own_sign_up_page_may_call_only_if_its_origin_is_allowed(operator):
    Application.objects.update(sign_up_url="https://own.example.com/join")
    said = note(operator, "https://own.example.com/join")
    assert "always allowed" in said
    assert "cannot use the Frontend API" in said


@pytest.mark.parametrize("half", ["", "h", "https://", "javascript:alert(1)", "a" * 3000])
def test_half_a_url_is_not_nagged_about(operator, half):
    assert note(operator, half).count("<p") == 0


def test_hostile_text_stays_text(operator):
    assert "<script" not in note(operator, "https://a.example/<script>alert(1)</script>")


def test_looking_changes_nothing(operator):
    before = Event.objects.count()
    note(operator, "https://evil.example/x")
    assert Event.objects.count() == before
    assert operator.post(NOTE).status_code == 405


def test_without_javascript_it_is_said_when_the_form_comes_back(admin):
    said = {"email_address": "ada@example.com", "redirect_url": "https://evil.example/x"}
    assert "https://evil.example is not in the list" in text(admin.post("/invitations/new", said))


def test_who_may_not_invite_is_told_nothing(operator, member):
    operator.user.user_permissions.clear()
    assert operator.get(NOTE).status_code == 403
    assert member.get(NOTE).status_code == 404
