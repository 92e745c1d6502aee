"""Guesses have one common counter, whichever page and whichever spelling of the host they use."""

import pytest

from accounts.models import SignIn
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory

ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def ada(still_windows, db):
    return UserFactory(email_address=ADA)


def guess(browser, password="wrong password", **more):
    return browser.post("client/sign_ins", identifier=ADA, password=password, **more)


def is_too_often(answer):
    return answer.status_code == 429 and int(answer["Retry-After"]) >= 1


def test_after_five_wrong_passwords_the_right_one_waits_too(browser):
    assert [guess(browser).status_code for _ in range(5)] == [422] * 5
    assert is_too_often(guess(browser, password=PASSWORD))


def test_the_hosted_page_and_the_frontend_api_count_together(browser, stranger):
    for _ in range(3):
        sign_in(stranger, password="wrong password")
    assert [guess(browser).status_code for _ in range(2)] == [422] * 2
    assert is_too_often(guess(browser, password=PASSWORD))
    assert "too often" in sign_in(stranger).content.decode()


@pytest.mark.parametrize("page", ["hosted", "application"])
def test_another_host_or_port_is_no_new_count(browser, settings, page):
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    for number in range(5):
        headers = {"Host": f"127.0.0.1:{number + 1}" if number % 2 else f"LOCALHOST:{number + 1}"}
        if page == "hosted":
            sign_in(browser.pages, password="wrong password", headers=headers)
        else:
            guess(browser, headers=headers)
    assert is_too_often(guess(browser, password=PASSWORD))


def test_whoever_signs_in_is_not_counted(browser, new_browser):
    for _ in range(7):
        assert new_browser().sign_in()


def test_a_client_address_begins_ten_sign_ins_in_ten_seconds(browser):
    said = {"identifier": "nobody@example.com"}
    answers = [browser.post("client/sign_ins", **said).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert SignIn.objects.count() == 10


def test_a_client_tries_ten_codes_a_minute_on_both_kinds_of_pages(browser, stranger, refused):
    begun = browser.post("client/sign_ins", identifier=ADA, strategy="email_code").json()
    attempt = f"client/sign_ins/{begun['response']['id']}/attempt_first_factor"
    for _ in range(3):
        assert browser.post(attempt, strategy="email_code", code="0").status_code == 422
    ways = {"/sign-in/with-code": "/sign-in/code", "/password/reset": "/password/reset/code"}
    for ask, code in ways.items():
        stranger.post(ask, {"email": ADA})
        answers = [stranger.post(code, {"code": "000000"}).status_code for _ in range(4)]
        assert answers == ([200] * 4 if ask == "/sign-in/with-code" else [200] * 3 + [429])
    last = browser.post(attempt, strategy="email_code", code="0")
    assert refused(last) == (429, "too_many_requests")


def test_a_customer_of_ipv6_is_one_client(new_browser):
    begun = new_browser(REMOTE_ADDR="2001:db8:1:2::ffff")
    begun.pages.post("/sign-in/with-code", {"email": ADA})
    handle = begun.pages.get("/sign-in/code").context["handle"]
    answers = [
        new_browser(REMOTE_ADDR=f"2001:db8:1:2::{number}")
        .pages.post("/sign-in/code", {"code": "000000", "handle": handle})
        .status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [429]


def test_a_client_address_tries_thirty_passwords_a_minute_on_both_kinds_of_pages(browser, settings):
    settings.LIMITS = {"frontend_sign_in": 100}
    for number in range(30):
        said = {"identifier": f"nobody{number}@example.com", "password": "wrong password"}
        assert browser.post("client/sign_ins", **said).status_code == 422
    assert is_too_often(guess(browser, password=PASSWORD))
    assert sign_in(browser.pages).status_code == 429
