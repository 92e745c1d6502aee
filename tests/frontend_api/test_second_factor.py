"""What protects an account on the hosted pages also protects it in the Frontend API."""

import time

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts import sessions
from config.session_store import SessionStore
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code, path_of

NEW = "eight quiet otters"
RESET = "reset_password_email_code"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


@pytest.fixture
def protected(ada):
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    return ada


@pytest.fixture
def with_passkey(ada):
    data = {"name": "Phone", "credential": {}}
    return Authenticator.objects.create(user=ada, type="webauthn", data=data)


def second(browser, begun, code, strategy="totp"):
    path = path_of(begun, "attempt_second_factor")
    return browser.post(path, strategy=strategy, code=code)


def test_the_app_is_asked_for_its_code(browser, protected):
    begun = begin(browser, password=PASSWORD)
    told = begun.json()
    assert told["response"]["status"] == "needs_second_factor"
    factors = [factor["strategy"] for factor in told["response"]["supported_second_factors"]]
    assert factors == ["totp", "backup_code"]
    assert told["client"]["sessions"] == []
    done = second(browser, begun, current_code()).json()
    assert done["response"]["status"] == "complete"
    assert len(done["client"]["sessions"]) == 1


def test_that_it_was_given_is_told(browser, protected):
    done = second(browser, begin(browser, password=PASSWORD), current_code()).json()
    given = done["response"]["second_factor_verification"]
    assert (given["strategy"], given["status"]) == ("totp", "verified")
    [session] = browser.client()["sessions"]
    assert session["factor_verification_age"] == [0, 0]


def test_that_it_was_given_on_the_hosted_page_is_told_too(browser, protected):
    sign_in(browser.pages)
    browser.pages.post("/sign-in/second-factor", {"code": current_code()})
    [session] = browser.client()["sessions"]
    assert session["factor_verification_age"] == [0, 0]


def test_that_none_was_given_is_told(browser, ada):
    [session] = begin(browser, password=PASSWORD).json()["client"]["sessions"]
    assert session["factor_verification_age"] == [0, -1]


def test_a_code_of_the_app_signs_in_once_while_it_is_good(browser, new_browser, refused, protected):
    code = current_code()
    second(browser, begin(browser, password=PASSWORD), code)
    with time_machine.travel(time.time() + 35, tick=True):
        again = second(other := new_browser(), begin(other, password=PASSWORD), code)
    assert refused(again) == (422, "form_code_incorrect", "code")


def test_a_recovery_code_signs_in_once(browser, new_browser, refused, protected):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    done = second(browser, begin(browser, password=PASSWORD), code, "backup_code")
    assert done.json()["response"]["status"] == "complete"
    again = second(other := new_browser(), begin(other, password=PASSWORD), code, "backup_code")
    assert refused(again) == (422, "form_code_incorrect", "code")


@pytest.mark.parametrize("code", ["000000", "x", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 999])
@pytest.mark.parametrize("strategy", ["totp", "backup_code"])
def test_a_wrong_code_signs_nobody_in(browser, refused, protected, code, strategy):
    answer = second(browser, begin(browser, password=PASSWORD), code, strategy)
    assert refused(answer) == (422, "form_code_incorrect", "code")
    assert browser.client()["sessions"] == []


def test_who_has_no_recovery_codes_has_none_that_is_right(browser, refused, ada):
    TOTP.activate(ada, SECRET)
    answer = second(browser, begin(browser, password=PASSWORD), "12345678", "backup_code")
    assert refused(answer) == (422, "form_code_incorrect", "code")


def test_codes_are_counted_on_both_kinds_of_pages_together(browser, protected):
    sign_in(browser.pages)
    for _ in range(3):
        browser.pages.post("/sign-in/second-factor", {"code": "000000"})
    begun = begin(browser, password=PASSWORD)
    answers = [second(browser, begun, "000000").status_code for _ in range(2)]
    assert [*answers, second(browser, begun, current_code()).status_code] == [422, 422, 429]


def test_a_mailed_code_does_not_pass_by_it(browser, protected):
    begun = begin(browser, strategy="email_code")
    told = attempt(browser, begun, code=newest_code()).json()
    assert told["response"]["status"] == "needs_second_factor"
    assert told["client"]["sessions"] == []


def test_a_new_password_does_not_pass_by_it(browser, protected):
    begun = begin(browser, strategy=RESET)
    attempt(browser, begun, RESET, code=newest_code())
    told = browser.post(path_of(begun, "reset_password"), password=NEW).json()
    assert told["response"]["status"] == "needs_second_factor"
    assert told["client"]["sessions"] == []
    assert second(browser, begun, current_code()).json()["response"]["status"] == "complete"


def test_no_step_can_be_repeated_or_skipped(browser, refused, protected):
    begun = begin(browser, password=PASSWORD)
    missing = (404, "resource_not_found")
    assert refused(attempt(browser, begun, "password", password=PASSWORD)) == missing
    prepare = path_of(begun, "prepare_first_factor")
    assert refused(browser.post(prepare, strategy="email_code")) == missing
    reset = browser.post(path_of(begun, "reset_password"), password=NEW)
    assert refused(reset) == missing


@pytest.mark.parametrize(("verb", "code"), [("ban", "user_banned"), ("lock", "user_locked")])
def test_whoever_is_shut_out_meanwhile_stays_outside(browser, refused, protected, verb, code):
    begun = begin(browser, password=PASSWORD)
    getattr(protected, verb)(by=None)
    assert refused(second(browser, begun, current_code())) == (403, code)
    assert browser.client()["sessions"] == []


def test_a_password_that_is_the_old_one_by_now_proves_nothing(browser, refused, protected):
    begun = begin(browser, password=PASSWORD)
    protected.change_password(password_hash="x")
    assert refused(second(browser, begun, current_code())) == (404, "resource_not_found")


def test_who_has_a_passkey_alone_is_sent_to_the_hosted_page(browser, refused, with_passkey):
    answer = begin(browser, password=PASSWORD)
    assert refused(answer) == (403, "passkey_required")
    assert "http://localhost:8000/sign-in" in answer.json()["errors"][0]["long_message"]
    assert browser.client()["sessions"] == []


def test_who_has_one_that_nobody_can_read_is_sent_to_the_hosted_page(
    browser, refused, protected, settings
):
    settings.SECRET_KEY = "another secret key of more than fifty characters, all of them made up"
    assert refused(begin(browser, password=PASSWORD)) == (403, "passkey_required")


def test_only_who_proves_themselves_learns_of_the_passkey(browser, refused, with_passkey):
    wrong = begin(browser, password="wrong password")
    assert refused(wrong) == (422, "form_password_incorrect", "password")
    begun = begin(browser, strategy="email_code")
    assert refused(attempt(browser, begun, code="0"))[1] == "form_code_incorrect"
    right = attempt(browser, begun, code=newest_code())
    assert refused(right) == (403, "passkey_required")


def test_a_passkey_beside_an_app_changes_nothing(browser, protected, with_passkey):
    begun = begin(browser, password=PASSWORD)
    assert second(browser, begun, current_code()).json()["response"]["status"] == "complete"


def test_two_tabs_that_wait_for_it_both_go_on(browser, protected):
    former = begin(browser, password=PASSWORD)
    begin(browser, password=PASSWORD)
    assert second(browser, former, current_code()).json()["response"]["status"] == "complete"


def test_a_passkey_in_place_of_the_password_is_no_second_factor(ada, rf):
    request = rf.get("/")
    request.session, request.user = SessionStore(), ada
    record_authentication(request, ada, method="mfa", type="webauthn", passwordless=True)
    sessions.open_session(request, user=ada)
    assert ada.browsers.get().second_factor_at is None
