"""Recovery codes are shown once, in the response that creates them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

PAGES = ["", "/codes", "/codes/new", "/codes/file"]


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def hers(ada):
    """Ada's signed-in browser. She has an authenticator app and has just entered its code."""
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    browser = Browser(ada)
    browser.post("/account/reauthenticate/second-factor", {"code": current_code()})
    return browser


def kept():
    return Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()


def shown(answer):
    return re.findall(r"\b\d{8}\b", re.search(r'copy__value">([^<]+)<', answer.text)[1])


def make(browser, **said):
    page = browser.get("/account/second-factor/codes/new")
    said = {"replaces": page.context["form"].initial["replaces"], **said}
    return browser.post("/account/second-factor/codes/new", said)


def test_new_codes_are_shown_in_the_answer_that_makes_them(hers):
    before = kept()
    answer = make(hers)
    assert shown(answer) == kept()
    assert len(kept()) == 10
    assert not {*before} & {*kept()}
    assert answer["Cache-Control"] == "no-store"


def test_a_first_app_comes_with_codes(ada):
    browser = Browser(ada)
    browser.post("/account/reauthenticate", {"password": PASSWORD})
    page = browser.get("/account/second-factor/app")
    secret = page.context["form"].secret
    answer = browser.post("/account/second-factor/app", {"code": current_code(secret)})
    assert shown(answer) == kept()
    again = browser.post("/account/second-factor/app", {"code": current_code(secret)})
    assert again["Location"] == "/account/second-factor"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_them_afterwards(hers, page):
    make(hers)
    text = hers.get(f"/account/second-factor{page}").content.decode()
    assert [code for code in kept() if code in text] == []


def test_afterwards_only_their_number_is_shown(hers, client):
    sign_in(client)
    client.post("/sign-in/second-factor", {"code": kept()[3]})
    assert "9 codes are left" in hers.get("/account/second-factor/codes").content.decode()


def test_a_form_sent_twice_makes_codes_once(hers):
    said = {"replaces": str(Authenticator.objects.get(type="recovery_codes").pk)}
    first = shown(make(hers, **said))
    assert make(hers, **said)["Location"] == "/account/second-factor/codes"
    assert kept() == first


def test_the_codes_of_the_page_can_be_kept_as_a_file(hers):
    codes = shown(make(hers))
    answer = hers.post("/account/second-factor/codes/file", {"codes": " ".join(codes)})
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.decode().split("\n") == [*codes, ""]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("said", ["", "<script>", "12345678\r\n12345678", "1" * 9, "\u0661" * 8])
def test_a_file_holds_nothing_but_codes(hers, said):
    answer = hers.post("/account/second-factor/codes/file", {"codes": said})
    assert answer["Location"] == "/account/second-factor/codes"


def test_who_has_no_second_factor_has_no_codes(member):
    for page in ("/codes", "/codes/new"):
        assert b"copy__value" not in member.get(f"/account/second-factor{page}").content
    member.post("/account/second-factor/codes/new", {"replaces": ""})
    assert not Authenticator.objects.exists()
