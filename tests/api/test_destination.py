"""`destination` of the Invitation object: the URL that its links lead to, without the ticket."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Application
from invitations.models import Invitation
from tests.factories import InvitationFactory, UserFactory

JOIN = "https://app.example.com/join?x=1#top"
HOSTED = "http://localhost:8000"


def shown(api, invitation):
    return api.get(f"/v1/invitations/{invitation.pk}").json()["destination"]


def say(**settings):
    Application.objects.current()
    Application.objects.update(**settings)


def test_it_is_the_redirect_url_in_every_answer(api):
    made = api.create(redirect_url=JOIN).json()
    path = f"/v1/invitations/{made['id']}"
    answers = [made, api.get(path).json(), api.get("/v1/invitations").json()[0]]
    answers += [api.post(f"{path}/link").json(), api.post(f"{path}/resend").json()]
    assert [each["destination"] for each in answers] == [JOIN] * 5


def test_without_one_it_is_the_applications_own_page(api):
    say(sign_up_url="https://acme.example.com/join", sign_in_url="https://acme.example.com/in")
    assert api.create("a@example.com").json()["destination"] == "https://acme.example.com/join"
    UserFactory(email_address="b@example.com")
    made = api.create("b@example.com", ignore_existing=True).json()
    assert made["destination"] == "https://acme.example.com/in"


def test_a_page_that_is_not_allowed_any_more_is_left_out(api):
    made = api.create(redirect_url=JOIN).json()
    say(redirect_origins=["https://other.example.com"])
    answer = api.get(f"/v1/invitations/{made['id']}").json()
    assert (answer["redirect_url"], answer["destination"]) == (JOIN, f"{HOSTED}/sign-up")


def test_a_change_is_followed_at_once(api):
    path = f"/v1/invitations/{api.create().json()['id']}"
    assert api.patch(path, {"redirect_url": JOIN}).json()["destination"] == JOIN
    answer = api.post(f"{path}/revoke").json()
    assert answer["destination"] == f"{HOSTED}/sign-up?notice=invitation_revoked"


@pytest.mark.parametrize(
    ("state", "page"), [("expired", "sign-up"), ("revoked", "sign-up"), ("accepted", "sign-in")]
)
def test_a_closed_invitation_leads_to_a_page_that_says_so(api, state, page):
    invitation = InvitationFactory(redirect_url=JOIN, **{state: True})
    assert shown(api, invitation) == f"{HOSTED}/{page}?notice=invitation_{state}"


def test_somebody_with_an_account_is_led_to_sign_in(api):
    invitation = InvitationFactory()
    UserFactory(email_address=invitation.email_address)
    assert shown(api, invitation) == f"{HOSTED}/sign-in"


@pytest.mark.parametrize("redirect_url", [None, JOIN])
@pytest.mark.parametrize("state", ["notify", "expired", "accepted", "revoked"])
def test_a_link_leads_where_the_api_says(api, state, redirect_url):
    raw = api.create(redirect_url=redirect_url).json()["url"].partition("ticket=")[2]
    invitation = Invitation.objects.get()
    close(invitation, state, by=api.key)
    led = Client().get("/v1/tickets/accept", {"ticket": raw})["Location"]
    without = led.replace(f"__clerk_ticket={raw}&__clerk_status=sign_up", "")
    assert without.replace("?#", "#").replace("&#", "#").rstrip("?") == shown(api, invitation)


def close(invitation, state, *, by):
    if state == "revoked":
        invitation.revoke(by=by)
    elif state == "accepted":
        invitation.accept(user=UserFactory(email_address=invitation.email_address))
    elif state == "expired":
        Invitation.objects.update(created_at="2020-01-01T00:00Z", expires_at="2020-01-02T00:00Z")


def test_settings_and_accounts_cost_a_long_list_no_query(api, django_assert_num_queries):
    say(redirect_origins=["https://app.example.com"])
    InvitationFactory.create_batch(20, redirect_url=JOIN)
    api.get("/v1/invitations")
    with django_assert_num_queries(2):  # the key with the settings, the rows with their accounts
        assert len(api.get("/v1/invitations?limit=500").json()) == 20


def test_creating_reads_the_settings_with_the_key_alone(api):
    say(sign_up_url="https://acme.example.com/join")
    with CaptureQueriesContext(connection) as queries:
        api.create()
    asked = [each["sql"] for each in queries if "accounts_application" in each["sql"]]
    assert ["accounts_secretkey" in sql for sql in asked] == [True]
