"""Test addresses: no mail is sent to them, and they accept the fixed code."""

import html
import re
from threading import Event as Stop

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.addresses import normalise_email
from accounts.models import Application, User
from invitations.delivery import worker
from invitations.models import Event, Invitation, Message
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

TESTER = "eve+clerk_test@example.com"
TESTERS = [TESTER, "eve+clerk_test_7@example.com"]
OTHERS = ["eve@example.com", "clerk_test@example.com", "eve@a+clerk_test.example.com"]


@pytest.fixture(autouse=True)
def transport(settings):
    settings.MAILERS = {
        **settings.MAILERS,
        "transport": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }


@pytest.fixture(autouse=True)
def test_mode(db):
    Application.objects.current().change(by=None, test_mode=True)


def sign_up(browser, email_address):
    browser.post("/sign-up", {"email_address": email_address, "password": PASSWORD})


def invite(email_address):
    address = normalise_email(email_address)
    return Invitation.objects.create_pending(address=address, by=UserFactory(operator=True))


def sent():
    """Run the worker once. Return the state of each message, and who really got a mail."""
    worker.drain(Stop())
    states = set(Message.objects.values_list("state", flat=True))
    return states, [to for message in mail.outbox for to in message.to]


@pytest.mark.parametrize("address", TESTERS)
def test_a_test_address_signs_up_with_the_known_code_and_without_a_mail(stranger, address):
    sign_up(stranger, address)
    assert sent() == ({"cancelled"}, [])
    stranger.post("/sign-up/code", {"code": "424242"})
    assert User.objects.get().email_address == address


def test_an_invitation_of_a_test_address_is_not_mailed():
    invite(TESTER)
    assert sent() == ({"cancelled"}, [])


def test_a_cancelled_code_is_not_kept(stranger):
    sign_up(stranger, TESTER)
    sent()
    assert Message.objects.get().sealed_body == ""


@pytest.mark.parametrize("address", OTHERS[:2])
def test_other_addresses_get_mail_and_codes_of_their_own(stranger, address):
    sign_up(stranger, address)
    assert code_of(mails()[0]) != "424242"
    assert sent() == ({"sent"}, [address])


def test_without_test_mode_a_test_address_is_like_any_other(stranger):
    Application.objects.current().change(by=None, test_mode=False)
    sign_up(stranger, TESTER)
    stranger.post("/sign-up/code", {"code": "424242"})
    assert not User.objects.exists()
    assert sent() == ({"sent"}, [TESTER])


def test_only_the_local_part_counts():
    told = [Application.objects.is_test_address(address) for address in [*TESTERS, *OTHERS]]
    assert told == [True, True, False, False, False]


@pytest.mark.parametrize("development", [True, False])
def test_test_mode_is_on_in_development_alone(settings, development):
    Application.objects.update(test_mode=None)
    application = Application.objects.current()
    settings.DEBUG = development
    assert application.is_in_test_mode is development


def test_a_developers_database_takes_no_test_mode_to_production(settings):
    settings.DEBUG = True
    Application.objects.all().delete()
    Application.objects.current()
    settings.DEBUG = False
    assert not Application.objects.is_test_address("jane+clerk_test@example.com")


@pytest.fixture
def production(settings):
    settings.DEBUG = settings.ALLOW_TEST_MODE = False
    return settings


def test_stored_on_it_counts_as_off_in_production(production, stranger):
    sign_up(stranger, TESTER)
    stranger.post("/sign-up/code", {"code": "424242"})
    assert not User.objects.exists()
    assert sent() == ({"sent"}, [TESTER])


@pytest.mark.parametrize("start", [lambda: call_command("prepare"), worker._Rhythm().keep])
def test_a_start_ends_it_with_one_event(production, start):
    Event.objects.all().delete()
    start()
    start()
    event = Event.objects.get(kind="settings_changed")
    assert (event.detail, event.actor_id) == ({"changed": {"test_mode": False}}, "")
    assert Application.objects.current().test_mode is False


def test_production_has_it_where_the_environment_allows_it(production):
    production.ALLOW_TEST_MODE = True
    call_command("prepare")
    assert Application.objects.is_test_address(TESTER)


@pytest.mark.parametrize("page", ["/users", "/invitations", "/settings", "/keys"])
def test_every_page_of_the_dashboard_says_that_it_is_on(admin, page):
    assert "Test mode is on" in admin.get(page).text
    Application.objects.update(test_mode=False)
    assert "Test mode is on" not in admin.get(page).text


def test_it_is_turned_off_as_the_page_says(admin, api):
    said = re.search(r"To turn it off, .*<code>PATCH (\S+) (.*?)</code>", admin.get("/users").text)
    done = api.patch(said[1], html.unescape(said[2]), content_type="application/json")
    assert done.status_code == 204
    assert "Test mode is on" not in admin.get("/users").text
