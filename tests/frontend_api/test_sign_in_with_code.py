from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Application, SignIn
from tests.accounts.visiting import mails
from tests.factories import UserFactory
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code, path_of, prepare
from tests.frontend_api.signing_up import PATIENT


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def test_a_mailed_code_signs_in(browser, ada):
    begun = begin(browser)
    prepared = prepare(browser, begun).json()["response"]
    assert prepared["first_factor_verification"]["strategy"] == "email_code"
    assert prepared["first_factor_verification"]["status"] == "unverified"
    assert [mail.to for mail in mails()] == [[ADA]]
    done = attempt(browser, begun, code=newest_code()).json()
    assert done["response"]["status"] == "complete"
    assert done["client"]["sessions"][0]["user"]["id"] == ada.pk


def test_the_code_may_be_asked_for_at_once(browser, ada):
    begun = begin(browser, strategy="email_code")
    done = attempt(browser, begun, code=newest_code())
    assert done.json()["response"]["status"] == "complete"


def test_factors_are_named_before_anything_is_proved(browser, ada):
    told = begin(browser).json()["response"]
    factors = {factor["strategy"]: factor for factor in told["supported_first_factors"]}
    assert list(factors) == ["password", "email_code", "reset_password_email_code"]
    assert factors["email_code"]["safe_identifier"] == "a***@example.com"
    assert told["first_factor_verification"] is None


def verification_of(browser):
    return browser.client()["sign_in"]["first_factor_verification"]["status"]


def test_a_code_that_was_tried_too_often_is_told(browser, ada, settings):
    settings.LIMITS = PATIENT
    begun = begin(browser, strategy="email_code")
    for _ in range(5):
        attempt(browser, begun, code="000000")
    assert verification_of(browser) == "failed"


def test_a_code_that_is_too_old_is_told(browser, ada):
    begin(browser, strategy="email_code")
    SignIn.objects.update(code_sent_at="2020-01-01T00:00Z")
    assert verification_of(browser) == "expired"


def test_a_code_signs_in_once(browser, new_browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    attempt(browser, begun, code=newest_code())
    again = attempt(browser, begun, code=newest_code())
    assert refused(again) == (400, "session_exists")
    browser.delete("client")
    assert refused(attempt(browser, begun, code=newest_code())) == (404, "resource_not_found")


def test_a_code_is_good_in_its_own_browser_only(browser, new_browser, refused, ada):
    mine, theirs = begin(browser, strategy="email_code"), begin(other := new_browser())
    assert refused(attempt(other, mine, code=newest_code())) == (404, "resource_not_found")
    assert attempt(other, theirs, code=newest_code()).status_code == 400  # no code was sent to it


def test_a_code_for_a_new_password_signs_nobody_in_and_the_other_way_round(browser, refused, ada):
    begun = begin(browser, strategy="reset_password_email_code")
    code = newest_code()
    assert refused(attempt(browser, begun, code=code)) == (422, "form_code_incorrect", "code")
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31))
    prepare(browser, begun)
    wrong = attempt(browser, begun, "reset_password_email_code", code=newest_code())
    assert refused(wrong) == (422, "form_code_incorrect", "code")


def test_a_wrong_code_signs_nobody_in(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    assert refused(attempt(browser, begun, code="00000x")) == (422, "form_code_incorrect", "code")
    assert browser.client()["sessions"] == []


def test_after_five_wrong_codes_the_right_one_is_too_late(browser, refused, settings, ada):
    settings.LIMITS = {"code_tried": 100}
    begun = begin(browser, strategy="email_code")
    answers = [refused(attempt(browser, begun, code="0"))[:2] for _ in range(5)]
    assert answers == [(422, "form_code_incorrect")] * 4 + [(400, "verification_failed")]
    late = attempt(browser, begun, code=newest_code())
    assert refused(late)[:2] == (400, "verification_failed")


def test_a_code_lives_ten_minutes(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(minutes=10, seconds=1))
    late = attempt(browser, begun, code=newest_code())
    assert refused(late)[:2] == (400, "verification_expired")


def test_a_new_code_ends_the_old_one(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    former = newest_code()
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31))
    prepare(browser, begun)
    assert refused(attempt(browser, begun, code=former))[1] == "form_code_incorrect"
    assert attempt(browser, begun, code=newest_code()).status_code == 200


def test_a_new_code_within_thirty_seconds_is_too_soon(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    soon = prepare(browser, begun)
    assert refused(soon)[:2] == (429, "verification_code_too_many_requests")
    assert soon["Retry-After"] == "30"
    assert len(mails()) == 1


def test_a_mailbox_gets_five_codes_an_hour(browser, new_browser, still_windows, ada):
    answers = [begin(new_browser(), strategy="email_code").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert len(mails()) == 5


def test_without_a_code_there_is_nothing_to_try(browser, refused, ada):
    begun = begin(browser)
    assert refused(attempt(browser, begun))[:2] == (422, "form_param_missing")
    assert refused(attempt(browser, begun, code="123456"))[:2] == (400, "verification_expired")


def test_a_sign_in_is_forgotten_after_an_hour(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    SignIn.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert browser.client()["sign_in"] is None
    assert refused(attempt(browser, begun, code=newest_code())) == (404, "resource_not_found")


@pytest.mark.parametrize(("verb", "code"), [("ban", "user_banned"), ("lock", "user_locked")])
def test_the_right_code_is_told_why_it_opens_nothing(browser, refused, ada, verb, code):
    begun = begin(browser, strategy="email_code")
    getattr(ada, verb)(by=None)
    assert refused(attempt(browser, begun, code="0"))[1] == "form_code_incorrect"
    assert refused(attempt(browser, begun, code=newest_code())) == (403, code)


def test_a_mailbox_that_was_given_up_meanwhile_opens_nothing(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    code = newest_code()
    ada.move_to("ada@second.example")
    assert refused(attempt(browser, begun, code=code)) == (404, "resource_not_found")
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31))
    before = len(mails())
    assert prepare(browser, begun).status_code == 200
    assert len(mails()) == before


def test_whoever_is_erased_meanwhile_is_nobody(browser, refused, ada):
    begun = begin(browser, strategy="email_code")
    code = newest_code()
    ada.erase(by=None)
    assert refused(attempt(browser, begun, code=code)) == (404, "resource_not_found")


def test_in_test_mode_the_known_code_signs_a_test_address_in(browser, application):
    UserFactory(email_address="ada+clerk_test@example.com")
    Application.objects.update(test_mode=True)
    begun = begin(browser, "ada+clerk_test@example.com", strategy="email_code")
    assert attempt(browser, begun, code="424242").json()["response"]["status"] == "complete"


@pytest.mark.parametrize("strategy", ["password", "totp", "phone_code", ""])
def test_only_codes_are_mailed(browser, strategy, ada):
    answer = browser.post(path_of(begin(browser), "prepare_first_factor"), strategy=strategy)
    assert answer.status_code == 422
