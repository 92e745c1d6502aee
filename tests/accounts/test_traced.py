"""What people do on the hosted pages is written to the audit log, whether it succeeds or fails."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from accounts.models import SecurityEvent
from config.audit import NO_ADDRESS, subjects_of
from tests.accounts.test_second_factor import current_code, hers, protected  # noqa: F401 fixtures
from tests.accounts.visiting import change_address, code_of, mails, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory
from tests.test_secrets import dump
from tests.traces import traced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def test_a_sign_in_is_traced_with_browser_and_client(ada, client):
    said = {"login": "ada@example.com", "password": PASSWORD}
    client.post("/sign-in", said, headers={"User-Agent": FIREFOX}, REMOTE_ADDR="2001:db8::7")
    row = SecurityEvent.objects.get()
    assert (row.kind, row.how, row.subject) == ("signed_in", "password", ada.pk)
    assert (row.client, row.browser) == ("2001:db8::/64", FIREFOX)


def test_a_wrong_password_is_traced_and_named_in_the_log(ada, client, caplog):
    caplog.set_level("INFO")
    assert sign_in(client, password="wrong password").status_code == 200
    assert traced() == [("wrong_password", "", ada.pk)]
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    refused = next(line for line in lines if line["event"] == "sign_in_refused")
    assert (refused["reason"], refused["user_id"]) == ("wrong_password", ada.pk)
    finished = next(line for line in lines if line["event"] == "request_finished")
    assert (finished["code"], finished["refused"]) == (200, "wrong_password")
    assert "ada@" not in json.dumps(lines, default=str)


def test_a_request_that_is_not_refused_says_nothing_of_it(ada, client, caplog):
    caplog.set_level("INFO")
    sign_in(client, password="wrong password")
    client.get("/sign-in")
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert "refused" not in lines[-1]


@pytest.mark.parametrize("further", [False, True])
def test_somebody_is_known_by_each_of_their_addresses(client, further):
    bob = UserFactory(email_address="bob@example.com", further_addresses=["bob@second.example"])
    address = "Bob@second.example" if further else "bob@example.com"
    sign_in(client, address=address, password="wrong password")
    assert traced() == [("wrong_password", "", bob.pk)]


def test_an_address_that_nobody_has_is_traced_by_its_hash(ada, client):
    sign_in(client, address="eve@example.com")
    assert traced() == [("wrong_password", "", subjects_of("eve@example.com")[0])]


def test_a_password_in_the_field_of_the_address_is_kept_nowhere(ada, client):
    sign_in(client, address="seven wet penguins", password="ada@example.com")
    assert traced() == [("wrong_password", "", NO_ADDRESS)]
    assert "penguins" not in dump()


@pytest.mark.parametrize(("verb", "kind"), [("ban", "refused_banned"), ("lock", "refused_locked")])
def test_who_is_shut_out_is_traced_as_that(ada, client, verb, kind):
    getattr(ada, verb)(by=None)
    sign_in(client)
    assert traced() == [(kind, "", ada.pk)]


def test_too_many_tries_are_traced(ada, client):
    for _ in range(6):
        sign_in(client, password="wrong password")
    assert traced("limit_reached") == [("limit_reached", "wrong_password", ada.pk)]
    assert SecurityEvent.objects.get(kind="wrong_password").count == 5


def test_too_many_tries_of_one_client_are_traced(ada, client):
    for number in range(31):
        answer = sign_in(client, address=f"nobody{number}@example.com")
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()
    assert traced("limit_reached") == [("limit_reached", "sign_in", "")]


def test_a_sign_out_is_traced(ada, client):
    sign_in(client)
    client.post("/sign-out")
    client.post("/sign-out")  # the session has ended
    assert traced("signed_out") == [("signed_out", "", ada.pk)]
    assert SecurityEvent.objects.get(kind="signed_out").count == 1


@pytest.mark.parametrize("address", ["ada@example.com", "eve@example.com"])
def test_a_new_password_asked_for_is_traced(ada, client, address):
    client.post("/password/reset", {"email": address})
    subject = ada.pk if address == "ada@example.com" else subjects_of(address)[0]
    assert traced() == [("reset_asked", "", subject)]


def test_a_reset_is_traced(ada, client):
    client.post("/password/reset", {"email": "ada@example.com"})
    client.post("/password/reset/code", {"code": code_of(mails()[0])})
    client.post("/password/reset/new", {"password1": NEW})
    assert ("password_reset", "", ada.pk) in traced()


def test_a_change_of_password_is_traced(member):
    member.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert traced() == [("password_changed", "", member.user.pk)]


def test_a_wrong_password_before_a_change_is_traced(member):
    member.post("/account/reauthenticate", {"password": "wrong password"})
    assert traced() == [("wrong_password", "", member.user.pk)]


def test_a_change_of_address_is_traced(member):
    answer = change_address(member, to="max@new.example")
    member.post(answer["Location"], {"code": code_of(mails()[0])})
    assert traced("address_changed") == [("address_changed", "", member.user.pk)]


def test_second_factors_are_traced(hers, ada, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        secret = hers.get("/account/second-factor/app").context["form"].secret
        hers.post("/account/second-factor/app", {"code": current_code(secret)})
        codes = Authenticator.objects.get(user=ada, type="recovery_codes")
        [code, *_] = codes.wrap().get_unused_codes()
        hers.post("/account/reauthenticate/second-factor", {"code": code})
        page = hers.get("/account/second-factor/codes/new")
        replaces = page.context["form"].initial["replaces"]
        hers.post("/account/second-factor/codes/new", {"replaces": replaces})
        hers.post("/account/second-factor/app/remove")
    assert set(traced()) == {
        ("factor_added", "totp", ada.pk),
        ("recovery_codes_made", "", ada.pk),
        ("recovery_code_used", "", ada.pk),
        ("factor_removed", "totp", ada.pk),
    }


def test_a_sign_in_with_a_second_factor_tells_both(protected, client):  # noqa: F811
    sign_in(client)
    client.post("/sign-in/second-factor", {"code": current_code()})
    assert traced() == [("signed_in", "password+totp", protected.pk)]


def test_a_wrong_second_factor_is_traced(protected, client):  # noqa: F811
    sign_in(client)
    client.post("/sign-in/second-factor", {"code": "000000"})
    assert traced() == [("wrong_second_factor", "", protected.pk)]


def test_a_recovery_code_is_traced(protected, client):  # noqa: F811
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for browser in (client, Browser()):
        sign_in(browser)
        browser.post("/sign-in/second-factor", {"code": code})
    assert traced() == [
        ("recovery_code_used", "", protected.pk),
        ("signed_in", "password+recovery_codes", protected.pk),
        ("wrong_second_factor", "", protected.pk),
    ]


def test_what_is_no_passkey_is_traced(client):
    client.post("/sign-in/passkey", {"credential": '{"id": "x"}'})
    assert traced() == [("wrong_second_factor", "", "")]


@pytest.mark.parametrize("path", ["/keys", "/settings", "/back-room/", "/users"])
def test_a_page_that_somebody_may_not_see_is_traced(member, path):
    member.get(path)
    [(kind, how, subject)] = traced()
    assert (kind, subject) == ("right_refused", member.user.pk)
    assert how


def test_an_operator_who_asks_for_admins_pages_is_traced(operator):
    assert operator.get("/keys").status_code == 404
    assert traced() == [("right_refused", "keys", operator.user.pk)]


def test_an_operator_without_the_right_is_traced(operator):
    boss = UserFactory(admin=True)
    assert operator.post(f"/users/{boss.pk}/ban").status_code == 403
    assert traced() == [("right_refused", "ban_user", operator.user.pk)]


def test_strangers_who_are_sent_to_sign_in_are_not_traced(stranger):
    stranger.get("/keys")
    assert traced() == []


def test_what_an_admin_changes_is_traced_with_the_admin(admin, ada):
    ada.change(by=admin.user, password_hash="!")
    row = SecurityEvent.objects.get()
    assert (row.kind, row.subject, row.actor_id) == ("password_changed", ada.pk, admin.user.pk)


def test_commands_trace_without_a_client(ada):
    call_command("create_secret_key", "Back office")
    ada.change(by=None, password_hash="!")
    assert SecurityEvent.objects.get().client == ""


def test_a_key_that_may_not_is_traced_with_its_name(api):
    boss = UserFactory(admin=True)
    answer = api.post(f"/v1/users/{boss.pk}/ban", {}, "application/json")
    assert answer.status_code == 403
    row = SecurityEvent.objects.get()
    assert (row.kind, row.subject, row.actor_id) == ("right_refused", row.actor_id, row.actor_id)
    assert row.actor_type == "secret_key"
