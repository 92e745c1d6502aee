"""Important changes ask for a fresh proof of identity, unless one was given within the last 15 minutes."""

import pytest

from accounts.models import Application, SecretKey
from tests.factories import PASSWORD, SecretKeyFactory, UserFactory

ASKED = "/account/reauthenticate?next="


def settings_with(admin, **changes):
    """Return the form data that the settings page would post."""
    form = admin.get("/settings").context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    said |= {name: "\n".join(v) if isinstance(v, list) else v for name, v in said.items()}
    return {**said, **{f"initial-{name}": value for name, value in said.items()}, **changes}


def test_right_after_signing_in_nobody_is_asked(admin):
    admin.post("/settings/mode", {"sign_up_mode": "restricted"})
    assert Application.objects.current().is_restricted


@pytest.mark.parametrize(
    "path",
    [
        "/settings/operators/{user}",
        "/users/{user}/second-factor/reset",
        "/keys/new",
        "/keys/{key}/revoke",
    ],
)
def test_a_dialog_asks_before_it_opens(admin, later, path):
    path = path.format(user=UserFactory(operator=True).pk, key=SecretKeyFactory().pk)
    assert admin.get(path)["Location"].startswith(ASKED)
    htmx = admin.htmx("get", path)
    assert htmx["HX-Redirect"].startswith(ASKED)


def test_the_sign_up_mode_changes_once_who_it_is_was_shown_anew(admin, later):
    asked = admin.post("/settings/mode", {"sign_up_mode": "restricted"})
    assert asked["Location"].startswith(ASKED)
    assert not Application.objects.current().is_restricted
    admin.post(asked["Location"], {"password": PASSWORD})
    assert Application.objects.current().is_restricted


def test_a_new_operator_is_made_once_who_it_is_was_shown_anew(admin, later):
    person = UserFactory(email_address="olga@example.com")
    said = {"email_address": "olga@example.com", "role": "operator"}
    asked = admin.post("/settings/operators", said)
    person.refresh_from_db()
    assert not person.is_staff
    admin.post(asked["Location"], {"password": PASSWORD})
    person.refresh_from_db()
    assert person.is_staff


def test_a_page_that_people_are_led_to_asks(admin, later):
    said = settings_with(admin, home_url="https://app.example.com/")
    asked = admin.post("/settings", said)
    assert asked["Location"].startswith(ASKED)
    assert Application.objects.current().home_url == ""
    admin.post(asked["Location"], {"password": PASSWORD})
    assert Application.objects.current().home_url == "https://app.example.com/"


def test_the_applications_name_asks_for_nothing(admin, later):
    admin.post("/settings", settings_with(admin, name="Acme"))
    assert Application.objects.current().name == "Acme"


def test_a_wrong_password_changes_nothing(admin, later):
    asked = admin.post("/settings/mode", {"sign_up_mode": "restricted"})
    admin.post(asked["Location"], {"password": "wrong password"})
    assert not Application.objects.current().is_restricted


def test_no_key_is_made_before_who_it_is_was_shown_anew(admin, later):
    said = {"name": "Back office", "scope": "all", "expiry": "never", "form": "x" * 22}
    assert admin.post("/keys/new", said)["Location"].startswith(ASKED)
    assert not SecretKey.objects.exists()


def test_no_key_is_revoked_before_who_it_is_was_shown_anew(admin, later):
    key = SecretKeyFactory()
    admin.post(f"/keys/{key.pk}/revoke")
    key.refresh_from_db()
    assert key.revoked_at is None


@pytest.mark.parametrize("verb", ["ban", "lock", "delete", "sign-out"])
def test_what_is_done_to_an_operator_asks(admin, later, verb):
    person = UserFactory(operator=True)
    assert admin.post(f"/users/{person.pk}/{verb}")["Location"].startswith(ASKED)
    person.refresh_from_db()
    assert (person.banned_at, person.locked_at) == (None, None)


def test_what_is_done_to_somebody_else_asks_for_nothing(admin, member, later):
    admin.post(f"/users/{member.user.pk}/ban")
    member.user.refresh_from_db()
    assert member.user.banned_at


def test_a_form_that_waits_is_not_taken_once_a_second_factor_is_due(admin, later):
    asked = admin.post("/settings/mode", {"sign_up_mode": "restricted"})
    application = Application.objects.current()
    application.require_second_factor(by=admin.user, is_required=True, grace_days=0)
    assert admin.get("/settings")["Location"] == "/account/second-factor"
    admin.post(asked["Location"], {"password": PASSWORD})
    assert not Application.objects.current().is_restricted
