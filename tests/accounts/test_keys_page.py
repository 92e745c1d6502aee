import html
import re
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import jwt
import pytest

from accounts.models import Application, HeldSecret, SecretKey, SigningKey
from accounts.publishable_key import publishable_key
from config.crypto import unseal
from invitations.models import Event
from tests.conftest import Browser
from tests.factories import SecretKeyFactory
from tests.test_secrets import dump

PEM = r"(?s)-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----"


def text(response):
    return " ".join(response.content.decode().split())


def said(**more):
    """Return the data that the form sends."""
    return {"name": "Back office", "scope": "all", "expires": "", "once": token_hex(16), **more}


def make(browser, **more):
    """Post the form and return the page after it."""
    return browser.post("/keys/new", said(**more), follow=True)


def test_an_admin_makes_a_key_and_sees_it_once(admin):
    answer = make(admin)
    key = SecretKey.objects.get()
    raw = answer.context["raw"]
    assert raw in text(answer)
    assert SecretKey.objects.find(raw) == key
    assert answer["Cache-Control"] == "no-store"
    listed = text(admin.get("/keys"))
    assert raw not in listed
    for fact in ("Back office", f"{key.prefix}…{raw[-4:]}", "by Grace Hopper", "never"):
        assert fact in listed


@pytest.mark.parametrize("is_shown", [False, True])
def test_a_key_is_kept_nowhere_in_clear(admin, is_shown):
    admin.post("/keys/new", said())
    raw = unseal(HeldSecret.objects.get().sealed)
    if is_shown:
        admin.get(f"/keys/{SecretKey.objects.get().pk}/issued")
    assert raw not in f"{dump()} {admin.cookies}"
    assert HeldSecret.objects.exists() != is_shown


def test_a_key_is_not_shown_again(admin):
    shown = make(admin)
    again = admin.get(shown.request["PATH_INFO"])
    assert "Shown once already" in text(again)
    assert shown.context["raw"] not in text(again)


def test_a_form_that_is_sent_again_makes_no_second_key(admin):
    form = said()
    first, again = (admin.post("/keys/new", form, follow=True) for _ in range(2))
    assert first.request["PATH_INFO"] == again.request["PATH_INFO"]
    assert "Shown once already" in text(again)
    assert SecretKey.objects.count() == 1


def test_two_forms_make_two_keys(admin):
    assert make(admin).context["raw"] != make(admin).context["raw"]
    assert SecretKey.objects.count() == 2


def test_each_form_has_a_token_of_its_own_and_keeps_it_where_it_is_refused(admin):
    fresh = {admin.get("/keys/new").context["form"].token for _ in range(2)}
    assert len(fresh) == 2
    refused = admin.post("/keys/new", said(name="", once="x" * 32))
    assert 'name="once" value="' + "x" * 32 in text(refused)


@pytest.mark.parametrize("once", ["", "short", "x" * 65, "é" * 32])
def test_a_form_without_its_token_makes_nothing(admin, once):
    answer = admin.post("/keys/new", said(once=once))
    assert "did not arrive whole" in text(answer)
    assert not SecretKey.objects.exists()


def test_another_browser_of_the_same_admin_does_not_see_the_key(admin):
    admin.post("/keys/new", said())
    path = f"/keys/{SecretKey.objects.get().pk}/issued"
    assert "Shown once already" in text(Browser(admin.user).get(path))
    assert "Your new key" in text(admin.get(path))


def test_a_key_waits_five_minutes_to_be_shown(admin):
    admin.post("/keys/new", said())
    HeldSecret.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=5))
    assert "Shown once already" in text(admin.get(f"/keys/{SecretKey.objects.get().pk}/issued"))
    HeldSecret.objects.forget_past()
    assert not HeldSecret.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 65, "a\u202eb", "a\nb", "a\x00b"])
def test_a_key_has_a_plain_name(admin, name):
    answer = admin.post("/keys/new", said(name=name))
    assert answer.context["form"].errors["name"]
    assert not SecretKey.objects.exists()


def test_a_key_may_be_called_as_the_host_that_uses_it(admin):
    make(admin, name=" api.example.com ")
    assert SecretKey.objects.get().name == "api.example.com"


@pytest.mark.parametrize(
    ("scope", "words"), [("invitations", "Invitations only"), ("read_only", "Read only")]
)
def test_a_key_has_the_scope_that_was_chosen(admin, scope, words):
    make(admin, scope=scope)
    assert SecretKey.objects.get().scope == scope
    assert words in text(admin.get("/keys"))


def test_there_are_no_other_scopes(admin):
    assert admin.post("/keys/new", said(scope="root")).context["form"].errors["scope"]
    assert not SecretKey.objects.exists()


@pytest.mark.parametrize("days", ["30", "90", "365"])
def test_a_key_expires_after_the_days_that_were_chosen(admin, days):
    make(admin, expires=days)
    key = SecretKey.objects.get()
    assert key.expires_at - key.created_at == timedelta(days=int(days))


def test_a_key_expires_on_the_day_that_was_chosen(admin):
    day = datetime.now(UTC).date() + timedelta(days=7)
    make(admin, expires="date", expires_on=day.isoformat())
    assert SecretKey.objects.get().expires_at.date() == day


@pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "9999-12-31"])
def test_the_day_must_come_and_not_too_late(admin, day):
    answer = admin.post("/keys/new", said(expires="date", expires_on=day))
    assert answer.context["form"].errors["expires_on"]
    assert not SecretKey.objects.exists()


def test_a_day_counts_only_where_one_is_asked_for(admin):
    make(admin, expires="", expires_on="2020-01-01")
    assert SecretKey.objects.get().expires_at is None


def test_the_list_tells_which_keys_are_over(admin):
    SecretKeyFactory(expired=True)
    listed = text(admin.get("/keys"))
    assert "Expired" in listed
    assert "Revoke<" not in listed


def test_revoking_asks_once_and_works_at_once(admin):
    key = SecretKeyFactory(name="Back office")
    path = f"/keys/{key.id}/revoke"
    assert f"Revoke the key Back office (…{key.last_four})?" in text(admin.get(path))
    assert text(admin.htmx("get", path)).startswith("<dialog")
    assert SecretKey.objects.find(key.raw)
    assert f"The key {key} is revoked" in text(admin.post(path, follow=True))
    assert not SecretKey.objects.find(key.raw)
    assert "was revoked already" in text(admin.post(path, follow=True))
    assert Event.objects.filter(subject=key.id, kind="key_revoked").count() == 1


def test_the_api_urls_are_ready_to_paste(admin):
    Application.objects.current()
    commands = [line for _title, line in admin.get("/keys").context["commands"]]
    assert commands[0] == (
        'curl http://localhost:8000/v1/invitations -X POST -d \'{"email_address": "email@example.com"}\' '
        "-H \"Authorization:Bearer YOUR_SECRET_KEY\" -H 'Content-Type:application/json'"
    )
    assert "redirect_url" in commands[1]
    assert "public_metadata" in commands[1]
    assert "/v1/invitations/<invitation_id>/revoke -X POST" in commands[2]
    page = text(admin.get("/keys"))
    for url in ("/v1", "/sign-up", "/__clerk", "/__clerk/v1", "/.well-known/jwks.json"):
        assert f">http://localhost:8000{url}<" in page
    assert f">{publishable_key()}<" in page


def test_the_public_key_of_tokens_is_there_to_copy_and_follows_a_rotation(admin):
    assert "PUBLIC KEY" not in text(admin.get("/keys"))  # no signing key exists yet
    Application.objects.prepare()
    for _ in range(2):
        key = SigningKey.objects.current()
        [public] = re.findall(PEM, html.unescape(admin.get("/keys").content.decode()))
        assert jwt.decode(jwt.encode({}, key.private_key(), "RS256"), public, ["RS256"]) == {}
        SigningKey.objects.rotate()


def test_the_snippets_hold_what_is_this_installations_own_and_no_secret(admin, settings):
    settings.BASE_URL = "https://ollio.example.com"
    key = SecretKeyFactory()
    shown = admin.get("/keys")
    texts = {title: text for _name, parts in shown.context["snippets"] for title, text in parts}
    clerks = [texts["Clerk's form"], texts["A page with a form"], texts[".env.local"]]
    assert all(publishable_key() in each for each in clerks)
    assert all("https://ollio.example.com/__clerk" in each for each in clerks)
    assert 'src="https://ollio.example.com/sign-up.js"' in texts["Ollio's own form"]
    assert "CLERK_SECRET_KEY=YOUR_SECRET_KEY" in texts[".env.local"]
    assert not any("«" in each or "localhost" in each for each in texts.values())
    assert key.raw not in text(shown)


def test_keys_are_for_admins_only(operator):
    key = SecretKeyFactory()
    for path in ("/keys", "/keys/new", f"/keys/{key.id}/issued", f"/keys/{key.id}/revoke"):
        for method in (operator.get, operator.post, operator.post):
            assert method(path, said()).status_code in {404, 405}
    assert SecretKey.objects.get().revoked_at is None
