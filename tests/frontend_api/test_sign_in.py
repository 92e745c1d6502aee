from importlib import import_module

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.adapter import AccountAdapter
from accounts.models import User
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA, further_addresses=["ada@second.example"])


def begin(browser, **said):
    """Start with an address; return the path of the next step."""
    begun = browser.post("client/sign_ins", **{"identifier": ADA, **said}).json()["response"]
    return f"client/sign_ins/{begun['id']}/attempt_first_factor"


def test_address_and_password_sign_in_at_once(browser, ada):
    told = browser.post("client/sign_ins", identifier="Ada@Example.com", password=PASSWORD).json()
    assert told["response"]["status"] == "complete"
    [session] = told["client"]["sessions"]
    assert session["id"] == told["response"]["created_session_id"]
    assert session["user"]["id"] == ada.pk
    assert browser.client()["last_active_session_id"] == session["id"]
    assert User.objects.get().last_login


def test_the_password_may_follow_the_address(browser, ada):
    begun = browser.post("client/sign_ins", identifier=ADA, json=True).json()
    assert begun["response"]["status"] == "needs_first_factor"
    assert begun["client"]["sign_in"]["id"] == begun["response"]["id"]
    attempt = f"client/sign_ins/{begun['response']['id']}/attempt_first_factor"
    done = browser.post(attempt, strategy="password", password=PASSWORD).json()
    assert done["response"]["status"] == "complete"
    assert done["client"]["sign_in"] is None


def test_any_of_their_addresses_signs_in(browser, ada):
    assert browser.sign_in("ada@second.example")


def test_what_has_no_effect_is_ignored(browser, ada):
    said = {"locale": "en", "strategy": "password", "rememberMe": "true"}
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD, **said)
    assert answer.json()["response"]["status"] == "complete"


def test_a_wrong_password_signs_nobody_in(browser, refused, ada):
    wrong = browser.post("client/sign_ins", identifier=ADA, password="wrong password")
    assert refused(wrong) == (422, "form_password_incorrect", "password")
    assert browser.client()["sessions"] == []


def test_after_a_wrong_password_the_right_one_may_follow(browser, refused, ada):
    attempt = begin(browser)
    wrong = browser.post(attempt, strategy="password", password="wrong password")
    assert refused(wrong) == (422, "form_password_incorrect", "password")
    right = browser.post(attempt, strategy="password", password=PASSWORD)
    assert right.json()["response"]["status"] == "complete"


def test_an_address_is_needed_and_must_be_one(browser, refused):
    assert refused(browser.post("client/sign_ins")) == (422, "form_param_missing", "identifier")
    malformed = browser.post("client/sign_ins", identifier="no address")
    assert refused(malformed) == (422, "form_param_format_invalid", "identifier")


@pytest.mark.parametrize("strategy", ["passkey", "oauth_google", "phone_code"])
def test_other_strategies_are_not_offered(browser, refused, strategy):
    answer = browser.post("client/sign_ins", identifier=ADA, strategy=strategy)
    assert refused(answer) == (422, "form_param_value_invalid", "strategy")


@pytest.mark.parametrize("password", ["", " ", "\u0000"])
@pytest.mark.parametrize("json", [True, False])
def test_an_account_without_a_password_is_opened_by_none(browser, password, json):
    UserFactory(email_address=ADA, password=None)
    answer = browser.post(begin(browser), strategy="password", password=password, json=json)
    assert answer.status_code == 422
    assert browser.client()["sessions"] == []


@pytest.mark.parametrize("password", [5, True, [PASSWORD], {"is": PASSWORD}, "\ud800", "x" * 2000])
def test_a_password_of_any_kind_is_no_fault_of_ours(browser, ada, password):
    answer = browser.post("client/sign_ins", identifier=ADA, password=password, json=True)
    assert answer.status_code in {400, 422}


def test_whoever_is_signed_in_signs_out_first(browser, refused, ada):
    attempt = begin(browser)
    sign_in(browser.pages)
    again = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert refused(again) == (400, "session_exists")
    answer = browser.post(attempt, strategy="password", password=PASSWORD)
    assert refused(answer) == (400, "session_exists")


def test_another_browser_cannot_go_on_with_it(browser, new_browser, refused, ada):
    attempt, other = begin(browser), new_browser()
    begin(other)
    answer = other.post(attempt, strategy="password", password=PASSWORD)
    assert refused(answer) == (404, "resource_not_found")


def test_what_another_tab_begins_does_not_disturb(browser, ada):
    former = begin(browser)
    begin(browser)
    done = browser.post(former, strategy="password", password=PASSWORD).json()
    assert done["response"]["status"] == "complete"


def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(browser, ada, monkeypatch):
    real = AccountAdapter.authenticate

    def slow(adapter, request, **said):
        user = real(adapter, request, **said)
        User.objects.get().change_password(password_hash=make_password("eight quiet otters"))
        return user

    monkeypatch.setattr(AccountAdapter, "authenticate", slow)
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert answer.status_code == 404
    assert browser.client()["sessions"] == []


def test_a_change_that_is_older_but_seen_later_ends_a_sign_in_by_the_former_password(
    browser, ada, before
):
    """PostgreSQL shows a change after its commit, but with the time at which it was written."""

    def commit():
        changed = make_password("eight quiet otters")
        User.objects.update(password=changed, password_changed_at="2020-01-01T00:00Z")

    before(import_module("accounts.frontend_api.sign_ins"), "enter", happens=commit)
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert answer.status_code == 404
    assert browser.client()["sessions"] == []


def test_no_step_can_be_skipped(browser, refused, ada):
    attempt = begin(browser).removesuffix("attempt_first_factor")
    second = browser.post(f"{attempt}attempt_second_factor", strategy="totp", code="123456")
    assert refused(second) == (404, "resource_not_found")
    reset = browser.post(f"{attempt}reset_password", password="eight quiet otters")
    assert refused(reset) == (404, "resource_not_found")


def test_a_locked_person_is_told_so_and_for_how_long(browser, ada):
    ada.lock(by=None)
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (403, "user_locked")
    assert 3500 < error["meta"]["lockout_expires_in_seconds"] <= 3600
    User.objects.update(locked_at=timezone.now(), locked_until=None)  # until an admin unlocks it
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert answer.json()["errors"][0]["meta"] == {"lockout_expires_in_seconds": None}


def test_a_banned_person_is_told_so(browser, refused, ada):
    ada.ban(by=None)
    answer = browser.post("client/sign_ins", identifier=ADA, password=PASSWORD)
    assert refused(answer) == (403, "user_banned")
    assert browser.client()["sessions"] == []


def test_wrong_passwords_are_told_nothing_of_bans_and_locks(browser, refused, ada):
    for verb in (ada.lock, ada.ban):
        verb(by=None)
        wrong = browser.post("client/sign_ins", identifier=ADA, password="wrong password")
        assert refused(wrong) == (422, "form_password_incorrect", "password")
