"""On an application's page, people leave the same traces in the audit log as on the hosted pages."""

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import SecurityEvent
from config import limits
from config.audit import subjects_of
from tests.accounts.test_second_factor import current_code
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code, path_of
from tests.frontend_api.test_second_factor import protected, second  # noqa: F401 a fixture
from tests.traces import traced

pytestmark = pytest.mark.usefixtures("still_windows")
NEW = "eight quiet otters"
RESET = "reset_password_email_code"


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


def test_a_sign_in_is_traced_with_browser_and_client(browser, ada):
    headers = {"User-Agent": "Clerk/1.0"}
    browser.post("client/sign_ins", identifier=ADA, password=PASSWORD, headers=headers)
    row = SecurityEvent.objects.get()
    assert (row.kind, row.how, row.subject) == ("signed_in", "password", ada.pk)
    assert (row.client, row.browser) == ("127.0.0.1", "Clerk/1.0")


@pytest.mark.parametrize("address", [ADA, "eve@example.com"])
def test_a_wrong_password_is_traced(browser, ada, address):
    begin(browser, address=address, password="wrong password")
    subject = ada.pk if address == ADA else subjects_of(address)[0]
    assert traced() == [("wrong_password", "", subject)]


@pytest.mark.parametrize("address", [ADA, "eve@example.com"])
def test_a_wrong_code_is_traced(browser, ada, address):
    begun = begin(browser, address=address, strategy="email_code")
    attempt(browser, begun, code="000000")
    subject = ada.pk if address == ADA else subjects_of(address)[0]
    assert traced() == [("code_asked", "", subject), ("wrong_code", "", subject)]


def test_a_sign_in_with_a_code_is_told_so(browser, ada):
    begun = begin(browser, strategy="email_code")
    attempt(browser, begun, code=newest_code())
    assert traced("signed_in") == [("signed_in", "code", ada.pk)]


def test_a_reset_is_traced(browser, ada):
    proved = attempt(browser, begin(browser, strategy=RESET), RESET, code=newest_code())
    browser.post(path_of(proved, "reset_password"), password=NEW)
    kinds = [kind for kind, _how, subject in traced() if subject == ada.pk]
    assert kinds == ["reset_asked", "password_reset", "signed_in"]


@pytest.mark.parametrize(("verb", "kind"), [("ban", "refused_banned"), ("lock", "refused_locked")])
def test_who_is_shut_out_is_traced_as_that(browser, ada, verb, kind):
    getattr(ada, verb)(by=None)
    begin(browser, password=PASSWORD)
    assert traced() == [(kind, "", ada.pk)]


def test_second_factors_are_traced(browser, protected):  # noqa: F811
    begun = begin(browser, password=PASSWORD)
    second(browser, begun, "000000")
    second(browser, begun, current_code())
    wrong, right = (
        ("wrong_second_factor", "", protected.pk),
        ("signed_in", "password+totp", protected.pk),
    )
    assert traced() == [wrong, right]


def test_a_recovery_code_is_traced(browser, protected):  # noqa: F811
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    second(browser, begin(browser, password=PASSWORD), code, strategy="backup_code")
    used, signed_in = traced()
    assert used == ("recovery_code_used", "", protected.pk)
    assert signed_in == ("signed_in", "password+recovery_codes", protected.pk)


def test_a_sign_out_is_traced(browser, ada):
    session_id = browser.sign_in()
    browser.post(f"client/sessions/{session_id}/end")
    browser.delete("client")
    assert traced("signed_out") == [("signed_out", "", ada.pk)]
    assert SecurityEvent.objects.get(kind="signed_out").count == 1


def test_a_limit_is_traced_once_with_the_client(browser, ada):
    for _ in range(13):
        begin(browser)
    row = SecurityEvent.objects.get()
    assert (row.kind, row.how, row.count) == ("limit_reached", "frontend_sign_in", 1)
    assert row.client == "127.0.0.1"


@pytest.mark.parametrize("address", [ADA, "eve@example.com"])
def test_a_limit_of_a_mailbox_tells_whose(browser, ada, settings, address):
    settings.LIMITS = {"code_asked": 0}
    begin(browser, address=address, strategy="email_code")
    subject = ada.pk if address == ADA else subjects_of(address)[0]
    assert traced() == [("limit_reached", "code_asked", subject)]


def test_too_many_passwords_of_one_client_are_traced(browser, ada, settings):
    settings.LIMITS = {"frontend_sign_in": 100}
    for number in range(31):
        begin(browser, address=f"nobody{number}@example.com", password="wrong password")
    assert traced("limit_reached") == [("limit_reached", "sign_in", "")]


@pytest.mark.parametrize("more", ["", " 192.0.2.0"])
def test_a_limit_may_be_a_mailbox_and_a_client_s(ada, settings, more):
    settings.LIMITS = {"code_asked": 0}
    with pytest.raises(limits.LimitExceeded):
        limits.take("code_asked", subject=f"{ADA}{more}")
    assert traced() == [("limit_reached", "code_asked", ada.pk)]
