import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Application
from invitations.models import Event
from tests.factories import InvitationFactory

GOOD = {
    "name": "Acme",
    "home_url": "https://acme.example.com/home",
    "support_address": "Help@Acme.example.com",
    "sign_up_url": "http://localhost:3000/sign-up",
    "sign_in_url": "",
    "redirect_origins": "https://APP.example.com\nhttps://app.example.com/\nhttp://localhost:3000",
    "allowed_origins": "\r\n https://app.example.com/ \r\n\r\nhttp://127.0.0.1:3000\r\n",
}


def text(response):
    return " ".join(response.content.decode().split())


def test_an_admin_changes_the_settings(admin):
    assert "The settings are saved" in text(admin.post("/settings", GOOD, follow=True))
    application = Application.objects.current()
    assert application.name == "Acme"
    assert application.support_address == "help@acme.example.com"
    assert application.sign_up_page == "http://localhost:3000/sign-up"
    assert application.sign_in_page == "http://localhost:8000/sign-in"
    assert application.redirect_origins == ["https://app.example.com", "http://localhost:3000"]
    assert application.allowed_origins == ["https://app.example.com", "http://127.0.0.1:3000"]
    event = Event.objects.get(kind="settings_changed")
    assert event.actor_id == admin.user.id
    assert event.detail["changed"]["allowed_origins"] == application.allowed_origins


def test_settings_come_back_as_they_were_said(admin):
    admin.post("/settings", GOOD)
    form = admin.get("/settings").context["form"]
    assert form["home_url"].value() == GOOD["home_url"]
    assert form["redirect_origins"].value() == "https://app.example.com\nhttp://localhost:3000"
    assert form["allowed_origins"].value() == "https://app.example.com\nhttp://127.0.0.1:3000"


def test_saving_what_is_already_so_is_no_event(admin):
    admin.post("/settings", GOOD)
    admin.post("/settings", GOOD)
    assert Event.objects.filter(kind="settings_changed").count() == 1


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", ""),
        ("name", "x" * 65),
        ("name", "Acme\u202e"),
        ("name", "Win at https://evil.example"),
        ("name", "www.evil.example"),
        ("home_url", "ftp://acme.example.com"),
        ("home_url", "http://acme.example.com"),
        ("home_url", "javascript:alert(1)"),
        ("support_address", "nobody"),
        ("sign_up_url", "/sign-up"),
        ("sign_in_url", "https://user:pass@acme.example.com"),
        ("redirect_origins", "https://app.example.com/path"),
        ("redirect_origins", "*"),
        ("redirect_origins", "\n".join(f"https://a{n}.example.com" for n in range(101))),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin, field, said):
    answer = admin.post("/settings", GOOD | {field: said})
    assert list(answer.context["form"].errors) == [field]
    assert Application.objects.current().name == "Ollio"


@pytest.mark.parametrize("field", ["redirect_origins", "allowed_origins"])
@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("app.example.com", "The scheme is missing"),
        ("localhost:3000", "The scheme is missing"),
        ("ftp://app.example.com", "Use https:// instead of ftp:"),
        ("https://app.example.com/path", "so that https://app.example.com is left"),
        ("https://app.example.com:444?x=1", "so that https://app.example.com:444 is left"),
        ("https://*.example.com", "* is not possible"),
        ("*", "* is not possible"),
        ("https://fe80::1", "put an IPv6 address in brackets"),
        ("https://app.example.com:0", "Give a port from 1 to 65535"),
        ("https://app.example.com:65536", "Give a port from 1 to 65535"),
        ("https://app.example.com:http", "Give a port from 1 to 65535"),
        ("http://app.example.com", "http:// is for localhost and loopback addresses"),
        ("http://192.168.1.20:3000", "http:// is for localhost and loopback addresses"),
        ("https://me:secret@app.example.com", "Remove the user name"),
        ("https://a.example.com, https://b.example.com", "one origin at a time"),
        ("https://a_b.example.com", "Check the host"),
        ("https://", "Give a host"),
    ],
)
def test_each_wrong_line_is_named_with_what_is_wrong(admin, field, line, advice):
    said = f"https://ok.example.com\r\n\r\n{line}\r\nhttps://ok.example.com\r\n/path"
    errors = admin.post("/settings", GOOD | {field: said}).context["form"].errors[field]
    assert errors[0].startswith(f"Line 3, {line[:80]}: ")
    assert advice in errors[0]
    assert errors[1].startswith("Line 5, /path: ")


def test_of_a_hundred_wrong_lines_a_few_are_told(admin):
    said = "\n".join(f"a{number}" for number in range(100))
    form = admin.post("/settings", GOOD | {"allowed_origins": said}).context["form"]
    assert len(form.errors["allowed_origins"]) == 5
    assert form["allowed_origins"].value() == said


def test_an_origin_is_welcome_as_soon_as_it_is_allowed_and_no_longer(admin, stranger):
    asked = {"Origin": "https://app.example.com"}
    admin.post("/settings", GOOD)
    answer = stranger.get("/__clerk/v1/environment", headers=asked)
    assert answer["Access-Control-Allow-Origin"] == "https://app.example.com"
    before = {"initial-allowed_origins": "https://app.example.com"}
    admin.post("/settings", GOOD | before | {"allowed_origins": ""})
    answer = stranger.get("/__clerk/v1/environment", headers=asked)
    assert "Access-Control-Allow-Origin" not in answer


def test_a_page_saves_what_it_changed_and_keeps_what_another_page_saved_since(admin):
    form = admin.get("/settings").context["form"]
    stale = {name: form[name].value() or "" for name in GOOD}
    before = {f"initial-{name}": value for name, value in stale.items()}
    admin.post("/settings", GOOD)
    admin.post("/settings", before | stale | {"name": "Acme Two"})
    application = Application.objects.current()
    assert application.name == "Acme Two"
    assert application.support_address == "help@acme.example.com"
    assert application.redirect_origins == ["https://app.example.com", "http://localhost:3000"]


def test_a_page_can_empty_what_it_was_shown(admin):
    admin.post("/settings", GOOD)
    assert f'name="initial-home_url" value="{GOOD["home_url"]}"' in text(admin.get("/settings"))
    admin.post("/settings", GOOD | {"initial-home_url": GOOD["home_url"], "home_url": ""})
    assert Application.objects.current().home_url == ""


def test_unknown_fields_change_nothing(admin):
    admin.post("/settings", GOOD | {"sign_up_mode": "restricted", "instance_id": "ins_1"})
    assert not Application.objects.current().is_restricted


def test_an_open_list_of_origins_is_warned_of(admin):
    assert "Invitations may lead anywhere" in text(admin.get("/settings"))
    admin.post("/settings", GOOD)
    assert "Invitations may lead anywhere" not in text(admin.get("/settings"))


def test_the_mode_says_what_it_means_and_how_many_are_pending(admin):
    InvitationFactory.create_batch(2)
    page = text(admin.get("/settings"))
    for words in (
        "Everybody can sign up.",
        "Only people with an open invitation",
        "Invitations pending: 2",
    ):
        assert words in page
    assert "Waitlist" not in page


def test_an_admin_restricts_sign_up_and_opens_it_again(admin):
    answer = admin.post("/settings/mode", {"sign_up_mode": "restricted"}, follow=True)
    assert "Only people with an invitation can sign up now" in text(answer)
    assert Application.objects.current().is_restricted
    menu = text(answer).partition("</nav>")[0]
    assert "/invitations" in menu
    admin.post("/settings/mode", {"sign_up_mode": "public"})
    assert not Application.objects.current().is_restricted


@pytest.mark.parametrize("mode", ["waitlist", "", "open"])
def test_no_other_mode_is_taken(admin, mode):
    admin.post("/settings/mode", {"sign_up_mode": mode})
    assert Application.objects.current().sign_up_mode == "public"


def test_settings_are_for_admins_only(operator):
    for _ in range(3):
        assert operator.get("/settings").status_code == 404
        assert operator.post("/settings", GOOD).status_code == 404
        assert operator.post("/settings/mode", {"sign_up_mode": "restricted"}).status_code == 404
    with pytest.raises(PermissionDenied):
        Application.objects.current().change(by=operator.user, name="Mine")
    assert Application.objects.current().name == "Ollio"
