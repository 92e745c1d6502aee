"""Completing a sign-up, and the fields that Clerk's packages send without effect here."""

import pytest

from accounts.models import SignUp, User
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import (
    PATIENT,
    SIGN_UPS,
    attempt,
    begin,
    begun,
    by_address,
    mailed_code,
    prepare,
    ticket_for,
)

pytestmark = pytest.mark.django_db

# Further fields that clerk-js 6.40.0 sends, or that its types allow.
WITHOUT_EFFECT = {
    "locale": "de-DE",
    "timezone": "Europe/Berlin",
    "captcha_token": "x",
    "captcha_error": "captcha_unavailable",
    "captcha_action": "signup",
    "captcha_widget_type": "smart",
    "legal_accepted": "true",
    "transfer": "true",
    "action": "x",
    "redirect_url": "https://evil.example/",
    "action_complete_redirect_url": "https://evil.example/",
    "username": "eve",
    "phone_number": "+15550100",
    "web3_wallet": "0x0",
    "is_staff": "1",
    "is_superuser": "1",
    "role": "admin",
    "id": "sua_x",
    "verified_at": "2026-01-01",
    "completed_at": "2026-01-01",
    "ticket_id": "1",
    "email_key": "ada@example.com",
}
NOT_OURS = ["oauth_google", "enterprise_sso", "phone_code", "email_link", "google_one_tap", "x"]


def test_what_is_missing_finishes_a_sign_up(browser):
    path = begun(browser, ticket=ticket_for())
    told = browser.patch(path, password=PASSWORD, first_name="Ada", last_name="Lovelace").json()
    assert told["response"]["status"] == "complete"
    assert told["response"]["missing_fields"] == []
    assert told["response"]["created_session_id"] == told["client"]["sessions"][0]["id"]
    user = User.objects.get()
    assert (user.first_name, user.last_name) == ("Ada", "Lovelace")


def test_what_was_said_may_be_corrected_until_the_end(browser):
    path = by_address(browser, first_name="Eev", unsafe_metadata={"theme": "dark", "n": 1})
    browser.patch(
        path, first_name="Eve", unsafe_metadata={"theme": "light"}, password="eight quiet otters"
    )
    attempt(browser, path, mailed_code())
    user = User.objects.get()
    assert (user.first_name, user.unsafe_metadata) == ("Eve", {"theme": "light"})
    assert user.check_password("eight quiet otters")


def test_what_is_left_out_or_empty_stays(browser):
    path = begun(browser, ticket=ticket_for(), first_name="Ada", unsafe_metadata={"n": 1})
    told = browser.patch(path, first_name="", last_name="", unsafe_metadata="", ticket="")
    assert told.json()["response"]["first_name"] == "Ada"
    assert told.json()["response"]["unsafe_metadata"] == {"n": 1}
    assert browser.patch(path).status_code == 200


@pytest.mark.parametrize("json", [True, False])
def test_keys_without_effect_are_ignored(browser, json):
    told = begin(browser, email_address="eve@example.com", json=json, **WITHOUT_EFFECT).json()
    assert told["response"]["email_address"] == "eve@example.com"
    assert told["response"]["username"] is None
    path = f"{SIGN_UPS}/{told['response']['id']}"
    assert browser.patch(path, json=json, **WITHOUT_EFFECT).status_code == 200
    browser.patch(path, password=PASSWORD)
    prepared = browser.post(
        f"{path}/prepare_verification", json=json, strategy="email_code", **WITHOUT_EFFECT
    )
    assert prepared.status_code == 200
    browser.post(
        f"{path}/attempt_verification",
        json=json,
        strategy="email_code",
        code=mailed_code(),
        **WITHOUT_EFFECT,
    )
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.username) == (False, False, None)


def test_nothing_said_along_makes_an_unproved_address_proved(browser):
    """Not even a field with the name of the row's own column."""
    begin(browser, email_address="ada@example.com", password=PASSWORD, **WITHOUT_EFFECT)
    assert not User.objects.exists()
    assert SignUp.objects.get().verified_at is None


@pytest.mark.parametrize("strategy", ["password", "email_code"])
def test_strategies_that_clerks_packages_name_are_welcome(browser, strategy):
    """`signUp.password()` of clerk-js sends strategy=password when it starts and when it continues."""
    path = begun(browser, email_address="eve@example.com", strategy=strategy)
    assert browser.patch(path, strategy=strategy, password=PASSWORD).status_code == 200
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    assert User.objects.exists()


@pytest.mark.parametrize("strategy", NOT_OURS)
def test_other_strategies_are_told_what_there_is(browser, refused, strategy):
    path = begun(browser, email_address="eve@example.com")
    for answer in (begin(browser, strategy=strategy), browser.patch(path, strategy=strategy)):
        assert refused(answer) == (422, "form_param_value_invalid", "strategy")
        assert "ticket" in answer.json()["errors"][0]["long_message"]


def test_a_finished_sign_up_cannot_be_changed(browser, refused):
    path = begun(browser, ticket=ticket_for())
    browser.patch(path, password=PASSWORD)
    browser.delete("client")
    assert refused(browser.patch(path, password="eight quiet otters")) == (
        404,
        "resource_not_found",
    )
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("name", ["sua_x", "x", "sua_" + "0" * 27, "%00", "ä", "..%2f", "null"])
def test_ids_that_are_none_are_not_found(browser, refused, name):
    begin(browser, email_address="eve@example.com")
    path = f"{SIGN_UPS}/{name}"
    for answer in (browser.patch(path, password=PASSWORD), prepare(browser, path)):
        assert refused(answer) == (404, "resource_not_found")


def test_what_is_over_is_told_in_words(browser):
    told = browser.patch(f"{SIGN_UPS}/sua_{'0' * 27}", password=PASSWORD).json()["errors"][0]
    assert "Begin again, or sign in if you have an account by now." in told["long_message"]


def test_updates_count_as_sign_ups_do(browser, refused, settings, still_windows):
    settings.LIMITS = PATIENT | {"frontend_sign_up": 5}
    path = begun(browser, ticket=ticket_for())
    for _ in range(4):
        assert browser.patch(path, first_name="Ada").status_code == 200
    answer = browser.patch(path, first_name="Ada")
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
