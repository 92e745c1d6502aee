import pytest
from django.contrib.sessions.models import Session

from accounts.models import Application, SecretKey
from accounts.publishable_key import publishable_key
from invitations.models import Event
from tests.factories import SecretKeyFactory


def text(response):
    return " ".join(response.content.decode().split())


def test_an_admin_makes_a_key_and_sees_it_once(admin):
    answer = admin.post("/keys/new", {"name": "Back office"})
    key = SecretKey.objects.get()
    raw = answer.context["raw"]
    assert raw in text(answer)
    assert SecretKey.objects.find(raw) == key
    assert answer["Cache-Control"] == "no-store"
    listed = text(admin.get("/keys"))
    assert raw not in listed
    for fact in ("Back office", f"{key.prefix}…{raw[-4:]}", "by Grace Hopper", "never"):
        assert fact in listed


def test_a_key_is_kept_nowhere_else(admin):
    raw = admin.post("/keys/new", {"name": "Back office"}).context["raw"]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    events = list(Event.objects.values())
    assert raw not in f"{sessions} {events} {list(SecretKey.objects.values())} {admin.cookies}"


@pytest.mark.parametrize("name", ["", "x" * 65, "a\u202eb", "a\nb", "a\x00b"])
def test_a_key_has_a_plain_name(admin, name):
    answer = admin.post("/keys/new", {"name": name})
    assert answer.context["form"].errors["name"]
    assert not SecretKey.objects.exists()


def test_a_key_may_be_called_as_the_host_that_uses_it(admin):
    admin.post("/keys/new", {"name": " api.example.com "})
    assert SecretKey.objects.get().name == "api.example.com"


def test_revoking_asks_once_and_works_at_once(admin):
    key = SecretKeyFactory(name="Back office")
    path = f"/keys/{key.id}/revoke"
    assert "Revoke the key Back office?" in text(admin.get(path))
    assert text(admin.htmx("get", path)).startswith("<dialog")
    assert SecretKey.objects.find(key.raw)
    assert "The key Back office is revoked" in text(admin.post(path, follow=True))
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
    for path in ("/keys", "/keys/new", f"/keys/{key.id}/revoke"):
        for method in (operator.get, operator.post, operator.post):
            assert method(path, {"name": "Mine"}).status_code in {404, 405}
    assert SecretKey.objects.get().is_live
