"""Wrong passwords on the hosted pages: guessing is stopped, and a known browser can still sign in."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db.models import F
from django.test import Client

from accounts.models import LimitCounter, SecurityEvent
from config.limits import LIMITS
from tests.accounts.visiting import mails, masked, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

ADA, EVE = "ada@example.com", "eve@example.com"
WRONG = "wrong password"
TOLD = "Wrong passwords for your account at Ollio"


@pytest.fixture(autouse=True)
def ada(still_windows, db):
    return UserFactory(email_address=ADA)


def at(client):
    """Return a browser with the given network address."""
    return Client(REMOTE_ADDR=client)


@pytest.fixture
def home():
    """A browser in which Ada has signed in before."""
    browser = at("192.0.2.1")
    sign_in(browser)
    browser.post("/sign-out")
    return browser


def guess(browser, times=1, *, address=ADA):
    return [sign_in(browser, address=address, password=WRONG).status_code for _ in range(times)]


def guess_from_everywhere(times, *, address=ADA, first=1):
    browser, answers = Client(), []
    for number in range(times):
        browser.defaults["REMOTE_ADDR"] = f"198.51.100.{first + number}"
        answers += guess(browser, address=address)
    return answers


def comes_in(browser):
    return sign_in(browser).status_code == 302


def test_after_five_wrong_ones_the_right_one_waits_too(client):
    assert guess(client, 5) == [200] * 5
    refused = sign_in(client)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert "_auth_user_id" not in client.session


def test_the_refusal_says_what_to_do_and_keeps_the_address(client):
    guess(client, 5)
    page = sign_in(client).text
    assert "Wait" in page
    assert "a code from your e-mail or a passkey" in page
    assert f'value="{ADA}"' in page


def test_five_wrong_ones_of_a_client_keep_no_other_client_out():
    guess(at("198.51.100.1"), 6)
    assert comes_in(at("192.0.2.7"))


def test_a_network_of_ipv6_is_one_client():
    guess(at("2001:db8:1:2::1"), 5)
    assert guess(at("2001:db8:1:2:ffff::2")) == [429]
    assert guess(at("2001:db8:1:3::1")) == [200]


def test_five_wrong_ones_for_one_address_keep_nobody_else_out(client):
    UserFactory(email_address=EVE)
    guess(client, 6)
    assert sign_in(client, address=EVE).status_code == 302


def test_fifty_wrong_ones_shut_the_road_in_unknown_browsers():
    assert guess_from_everywhere(60) == [200] * 50 + [429] * 10
    refused = sign_in(at("192.0.2.7"))
    assert refused.status_code == 429
    assert "_auth_user_id" not in refused.wsgi_request.session


def test_what_one_client_is_refused_does_not_count_against_all():
    guess(at("198.51.100.200"), 25)
    assert guess_from_everywhere(45) == [200] * 45
    assert guess(at("192.0.2.7")) == [429]


def test_the_road_opens_again_after_its_time():
    guess_from_everywhere(51)
    LimitCounter.objects.update(
        window_ends=F("window_ends") - LIMITS["wrong_password_hour"].seconds
    )
    assert comes_in(at("192.0.2.7"))


def test_a_known_browser_comes_in_while_the_road_is_shut(home):
    guess_from_everywhere(60)
    assert comes_in(home)


def test_a_known_browser_has_ten_of_its_own(home):
    guess_from_everywhere(60)
    assert guess(home, 11) == [200] * 10 + [429]


def test_what_a_known_browser_types_counts_against_no_other(home):
    guess(home, 12)
    assert guess_from_everywhere(51) == [200] * 50 + [429]


def test_it_is_known_to_its_own_account_alone(home):
    UserFactory(email_address=EVE)
    assert guess(home, 6, address=EVE) == [200] * 5 + [429]


def test_a_right_password_is_not_counted():
    browsers = [at("192.0.2.7") for _ in range(7)]
    assert all(comes_in(browser) for browser in browsers)
    assert guess(at("192.0.2.7"), 6) == [200] * 5 + [429]


def test_a_right_password_takes_back_its_own_count_alone():
    guess(at("192.0.2.7"), 4)
    comes_in(at("192.0.2.7"))
    assert guess(at("192.0.2.7"), 2) == [200, 429]


def test_a_guess_that_could_not_be_judged_is_not_counted(client, before):
    def fail():
        raise MemoryError

    for _ in range(6):
        before(MD5PasswordHasher, "encode", happens=fail)
        with pytest.raises(MemoryError):
            sign_in(client)
    assert comes_in(client)


def test_a_refused_password_is_not_hashed(client, monkeypatch):
    guess(client, 5)
    monkeypatch.setattr(MD5PasswordHasher, "encode", None)
    assert sign_in(client).status_code == 429


def test_unknown_addresses_are_refused_alike(client):
    for _ in range(7):
        known = sign_in(client, password=WRONG)
        unknown = sign_in(client, address="nobody@example.com", password=WRONG)
        assert known.status_code == unknown.status_code
        assert masked(known, address=ADA) == masked(unknown, address="nobody@example.com")


def test_asking_again_for_the_password_counts(ada):
    browser = Browser(ada)
    for _ in range(5):
        browser.post("/account/reauthenticate", {"password": WRONG})
    refused = browser.post("/account/reauthenticate", {"password": PASSWORD})
    assert refused.status_code == 429
    assert "too many wrong passwords" in refused.text


def test_the_old_password_counts_where_it_is_changed(ada):
    browser = Browser(ada)
    guess(Client(), 3)
    for _ in range(2):
        browser.post("/account/password", {"oldpassword": WRONG, "password1": "eight quiet otters"})
    said = {"oldpassword": PASSWORD, "password1": "eight quiet otters"}
    assert browser.post("/account/password", said).status_code == 429
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_one_event_tells_that_the_limit_was_reached(client):
    guess(client, 8)
    [event] = SecurityEvent.objects.filter(kind="limit_reached")
    assert (event.how, event.count) == ("wrong_password", 1)


def test_a_client_tries_thirty_passwords_a_minute(settings):
    settings.LIMITS = {"sign_in": 3}
    tried = [sign_in(at("192.0.2.7"), address=f"user{n}@example.com") for n in range(4)]
    assert [answer.status_code for answer in tried] == [200] * 3 + [429]
    assert LIMITS["sign_in"].times == 30
    assert comes_in(at("192.0.2.8"))


def test_the_owner_is_told_at_the_fifth_wrong_one(client):
    guess(client, 4)
    assert mails() == []
    guess(client)
    [mail] = mails()
    assert (mail.to, mail.subject) == ([ADA], TOLD)
    for words in ("127.0.0.1", "UTC", "http://localhost:8000/account/sessions"):
        assert words in mail.body
        assert words in mail.alternatives[0].content


def test_the_owner_is_told_of_guesses_from_everywhere_too():
    guess_from_everywhere(49)
    assert mails() == []
    guess_from_everywhere(2, first=200)
    assert [mail.subject for mail in mails()] == [TOLD]


def test_the_owner_is_told_once_a_day():
    for number in range(3):
        guess(at(f"198.51.100.{number}"), 6)
    assert len(mails()) == 1
    LimitCounter.objects.filter(key__startswith="guessing_told").update(window_ends=0)
    guess(at("198.51.100.9"), 6)
    assert len(mails()) == 2
    assert timedelta(seconds=LIMITS["guessing_told"].seconds) >= timedelta(days=1)


def test_the_owner_is_not_told_of_a_known_browser(home):
    guess(home, 11)
    assert mails() == []


@pytest.mark.parametrize("address", ["nobody@example.com", "no address", "a" * 400])
def test_nobody_is_told_of_an_address_that_nobody_has(client, address):
    guess(client, 6, address=address)
    assert mails() == []


def test_a_banned_owner_is_told_nothing(ada, client):
    ada.ban(by=None)
    guess(client, 6)
    assert mails() == []
