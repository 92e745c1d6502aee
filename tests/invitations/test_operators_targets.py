"""Where operators may send a ticket. Its holder proves the address, so operators may only choose places that an admin
has allowed.
"""

import pytest

from accounts.models import Application
from invitations.models import Invitation, Ticket
from tests.factories import InvitationFactory

STRANGERS = "https://eve.example/join"
PAGES = {
    "home_url": "https://home.example.com/start",
    "sign_up_url": "https://up.example.com/join",
    "sign_in_url": "https://in.example.com/join",
}
LISTED = ["https://app.example.com"]


@pytest.fixture(autouse=True)
def application(db):
    return Application.objects.current()


def invite(browser, target):
    said = {"email_address": "cfo@example.com", "redirect_url": target}
    answer = browser.post("/invitations/new", said)
    if answer.status_code == 302:
        return ""
    return " ".join(answer.context["form"].errors["redirect_url"])


def stored():
    return Invitation.objects.get().redirect_url


def location(browser, invitation):
    ticket = Ticket.objects.mint(invitation, channel="mail")
    return browser.get("/v1/tickets/accept", {"ticket": ticket})["Location"]


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:8000/sign-up",
        "https://up.example.com/other",
        "https://in.example.com/",
        "https://home.example.com/welcome?x=1",
        "https://app.example.com/join",
    ],
)
def test_an_operator_leads_people_to_the_applications_own_pages(operator, stranger, target):
    Application.objects.update(**PAGES, redirect_origins=LISTED)
    assert invite(operator, target) == ""
    assert location(stranger, Invitation.objects.get()).startswith(target.partition("?")[0])


@pytest.mark.parametrize("origins", [[], LISTED])
def test_an_operator_leads_nobody_to_a_stranger(operator, origins):
    Application.objects.update(**PAGES, redirect_origins=origins)
    refusal = invite(operator, STRANGERS)
    assert "whoever gets the link proves the address" in refusal
    assert "An admin can list this origin" in refusal
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://home.example.com.eve.example/",
        "https://sub.home.example.com/",
        "https://home.example.com:8443/",
        "http://localhost:8001/",
        "http://127.0.0.1:8000/",
    ],
)
def test_an_origin_is_compared_as_a_whole(operator, target):
    Application.objects.update(**PAGES)
    assert invite(operator, target)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "target", ["http://localhost:3000/", "http://127.0.0.1:5173/cb", "https://[::1]:8443/"]
)
@pytest.mark.parametrize("origins", [[], LISTED])
def test_in_development_an_operators_own_machine_is_good(
    operator, stranger, settings, target, origins
):
    settings.DEBUG = True
    Application.objects.update(redirect_origins=origins)
    assert invite(operator, target) == ""
    assert location(stranger, Invitation.objects.get()).startswith(target)


def test_in_development_a_stranger_is_refused_all_the_same(operator, settings):
    settings.DEBUG = True
    assert invite(operator, STRANGERS)


def test_an_admin_leads_people_anywhere_while_no_origin_is_listed(admin):
    assert invite(admin, STRANGERS) == ""
    assert stored() == STRANGERS


def test_a_list_binds_an_admin_too(admin):
    Application.objects.update(redirect_origins=LISTED)
    assert "redirect origins" in invite(admin, STRANGERS)


def test_a_secret_key_leads_people_anywhere_while_no_origin_is_listed(api):
    said = {"email_address": "ada@example.com", "redirect_url": STRANGERS}
    answer = api.post("/v1/invitations", said, content_type="application/json")
    assert answer.json()["redirect_url"] == STRANGERS


def test_the_home_urls_origin_needs_no_entry_of_a_key_either(api):
    Application.objects.update(home_url=PAGES["home_url"], redirect_origins=LISTED)
    said = {"email_address": "ada@example.com", "redirect_url": "https://home.example.com/join"}
    answer = api.post("/v1/invitations", said, content_type="application/json").json()
    assert answer["destination"] == "https://home.example.com/join"


def test_open_invitations_keep_their_target(stranger):
    made = InvitationFactory(redirect_url=STRANGERS, inviter_type="operator")
    assert location(stranger, made).startswith(STRANGERS)
