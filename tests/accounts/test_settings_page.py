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
    event = Event.objects.get(kind="settings_changed")
    assert event.actor_id == admin.user.id


def test_settings_come_back_as_they_were_said(admin):
    admin.post("/settings", GOOD)
    form = admin.get("/settings").context["form"]
    assert form["home_url"].value() == GOOD["home_url"]
    assert form["redirect_origins"].value() == "https://app.example.com\nhttp://localhost:3000"


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
