"""The six-digit code of a sign-up over the Frontend API."""

import pytest

from accounts.models import Application, SignUp, User
from invitations.models import Message
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_up import (
    LONG_AGO,
    PATIENT,
    attempt,
    begun,
    by_address,
    mailed_code,
    prepare,
    ticket_for,
    wrong,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def patient(settings):
    settings.LIMITS = PATIENT


def verification(browser):
    return browser.client()["sign_up"]["verifications"]["email_address"]


def later():
    SignUp.objects.update(code_sent_at=LONG_AGO)


def test_a_wrong_code_is_refused_and_may_be_corrected(browser, refused):
    path = by_address(browser)
    code = mailed_code()
    assert refused(attempt(browser, path, wrong(code))) == (422, "form_code_incorrect", "code")
    assert verification(browser)["attempts"] == 1
    assert attempt(browser, path, code).status_code == 200
    assert User.objects.exists()


@pytest.mark.parametrize("json", [True, False])
def test_codes_may_be_typed_with_spaces_and_hyphens(browser, json):
    path = by_address(browser)
    code = mailed_code()
    said = {"strategy": "email_code", "code": f" {code[:3]}-{code[3:]} "}
    browser.post(f"{path}/attempt_verification", **said, json=json)
    assert User.objects.exists()


@pytest.mark.parametrize("text", ["x", "1", "0" * 1000, "१२३४५६", "<script>", "olt_x"])
def test_what_is_no_code_is_a_wrong_one(browser, refused, text):
    path = by_address(browser)
    assert refused(attempt(browser, path, text)) == (422, "form_code_incorrect", "code")


def test_five_wrong_codes_end_a_code(browser, refused):
    path = by_address(browser)
    code = mailed_code()
    answers = [refused(attempt(browser, path, wrong(code))) for _ in range(6)]
    assert answers[:4] == [(422, "form_code_incorrect", "code")] * 4
    assert answers[4:] == [(400, "verification_failed", "code")] * 2
    assert refused(attempt(browser, path, code)) == (400, "verification_failed", "code")
    assert not User.objects.exists()
    told = verification(browser)
    assert (told["status"], told["next_action"]) == ("failed", "needs_prepare")


def test_after_five_wrong_codes_a_new_one_works(browser):
    path = by_address(browser)
    for _ in range(5):
        attempt(browser, path, wrong(mailed_code()))
    later()
    prepare(browser, path)
    assert verification(browser)["attempts"] == 0
    attempt(browser, path, mailed_code())
    assert User.objects.exists()


def test_five_wrong_codes_end_a_code_and_not_the_invitation(browser, refused):
    path = begun(browser, ticket=ticket_for(channel="shared"), password=PASSWORD)
    prepare(browser, path)
    for _ in range(5):
        attempt(browser, path, wrong(mailed_code()))
    later()
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    assert User.objects.get().signup_grant == "invitation"


def test_a_code_lives_ten_minutes(browser, refused):
    path = by_address(browser)
    later()
    assert refused(attempt(browser, path, mailed_code())) == (400, "verification_expired", "code")
    told = verification(browser)
    assert (told["status"], told["next_action"]) == ("expired", "needs_prepare")
    assert not User.objects.exists()


def test_no_code_proves_anything_before_one_was_mailed(browser, refused):
    path = begun(browser, email_address="eve@example.com", password=PASSWORD)
    assert refused(attempt(browser, path, "123456")) == (400, "verification_expired", "code")


def test_a_new_code_waits_half_a_minute_and_ends_the_old_one(browser, refused):
    path = by_address(browser)
    old = mailed_code()
    early = prepare(browser, path)
    assert refused(early) == (429, "verification_code_too_many_requests", "code")
    assert early["Retry-After"] == "30"
    assert Message.objects.count() == 1
    later()
    assert prepare(browser, path).status_code == 200
    if mailed_code() != old:
        assert refused(attempt(browser, path, old)) == (422, "form_code_incorrect", "code")


def test_a_mailbox_gets_five_codes_an_hour(browser, new_browser, refused, settings, still_windows):
    settings.LIMITS = PATIENT | {"code_asked": 5}
    path = by_address(browser)
    for _ in range(4):
        later()
        assert prepare(browser, path).status_code == 200
    later()
    answer = prepare(browser, path)
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
    other = new_browser()
    path = begun(other, email_address="eve@example.com")
    assert refused(prepare(other, path)) == (429, "too_many_requests")
    assert Message.objects.count() == 5


def test_ten_codes_a_minute_are_enough_for_one_client(browser, refused, settings, still_windows):
    settings.LIMITS = PATIENT | {"code_tried": 10}
    path = by_address(browser)
    for number in range(10):
        if number == 5:  # as many tries as a code allows
            later()
            prepare(browser, path)
        assert attempt(browser, path, wrong(mailed_code())).status_code in {400, 422}
    answer = attempt(browser, path, mailed_code())
    assert refused(answer) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
    assert not User.objects.exists()


def test_a_proved_address_needs_no_further_code(browser, refused):
    for said in ({"ticket": ticket_for()}, {"email_address": "eve@example.com"}):
        path = begun(browser, **said)
        if "email_address" in said:
            prepare(browser, path)
            attempt(browser, path, mailed_code())
        for answer in (prepare(browser, path), attempt(browser, path, "123456")):
            assert refused(answer) == (400, "verification_already_verified")


def test_another_address_must_be_proved_anew(browser, refused):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    code = mailed_code()
    attempt(browser, path, code)
    told = browser.patch(path, email_address="mallory@example.com", password=PASSWORD).json()
    assert told["response"]["unverified_fields"] == ["email_address"]
    assert refused(attempt(browser, path, code)) == (400, "verification_expired", "code")
    assert not User.objects.exists()
    assert prepare(browser, path).status_code == 200
    attempt(browser, path, mailed_code())
    assert User.objects.get().email_address == "mallory@example.com"


def test_the_same_address_said_again_stays_proved(browser):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    browser.patch(path, email_address="EVE@example.com", password=PASSWORD)
    assert User.objects.get().email_address == "eve@example.com"


@pytest.mark.parametrize("has_account", [True, False])
def test_test_addresses_take_the_code_that_everybody_knows(browser, refused, has_account):
    Application.objects.current().change(by=None, test_mode=True)
    tester = "eve+clerk_test@example.com"
    if has_account:
        UserFactory(email_address=tester)
    answer = attempt(browser, by_address(browser, tester, password="eight quiet otters"), "424242")
    if has_account:
        assert refused(answer) == (422, "form_code_incorrect", "code")
        assert User.objects.get().check_password(PASSWORD)
    else:
        assert answer.json()["response"]["status"] == "complete"


def test_other_addresses_do_not_take_it(browser, refused):
    Application.objects.current().change(by=None, test_mode=True)
    path = by_address(browser)
    if mailed_code() != "424242":
        assert refused(attempt(browser, path, "424242")) == (422, "form_code_incorrect", "code")


@pytest.mark.parametrize("strategy", ["phone_code", "email_link", "oauth_google", "ticket"])
def test_only_codes_by_mail_are_known(browser, refused, strategy):
    path = begun(browser, email_address="eve@example.com")
    answer = browser.post(f"{path}/prepare_verification", strategy=strategy)
    assert refused(answer) == (422, "form_param_value_invalid", "strategy")
    assert "email_code" in answer.json()["errors"][0]["long_message"]
    answer = browser.post(f"{path}/attempt_verification", strategy=strategy, code="123456")
    assert refused(answer) == (422, "form_param_value_invalid", "strategy")
