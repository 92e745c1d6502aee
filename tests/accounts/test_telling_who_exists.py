"""Public pages answer alike for known and unknown addresses (R-K1): compared byte for byte."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known@example.com", "other@example.com"


@pytest.fixture(autouse=True)
def known(settings):
    settings.LIMITS = {"sign_up": 100, "code_tried": 100}  # both browsers share one address
    UserFactory(email_address=KNOWN)
    InvitationFactory(email_address="asked@example.com")


def plain(answer, address):
    """The answer without what is random in each: tokens, nonces, handles, and the address itself."""
    text = re.sub(r'(nonce|value|csrf)="[^"]{20,}"', r'\1="*"', answer.text.replace(address, "*"))
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"Set-Cookie", "Content-Length", "Expires"}
    }
    headers["Content-Security-Policy"] = re.sub(
        r"nonce-[^']+", "*", headers.get("Content-Security-Policy", "")
    )
    return answer.status_code, headers, re.sub(r'nonce-[^"\']+', "*", text)


def sign_up(address, then=None):
    browser = Client()
    first = browser.post("/sign-up", {"email_address": address, "password": PASSWORD})
    return [
        plain(answer, address)
        for answer in (first, browser.get("/sign-up/code"), *(then(browser) if then else ()))
    ]


def test_a_sign_up_looks_the_same_for_a_known_address():
    assert sign_up(KNOWN) == sign_up(UNKNOWN)


def test_a_sign_up_looks_the_same_for_an_invited_address():
    assert sign_up("asked@example.com") == sign_up(UNKNOWN)


def test_wrong_codes_look_the_same_to_the_last_one():
    def guess(browser):
        return [browser.post("/sign-up/code", {"code": "000000"}) for _ in range(6)]

    assert sign_up(KNOWN, then=guess) == sign_up(UNKNOWN, then=guess)


def test_asking_for_a_new_code_looks_the_same():
    def again(browser):
        return [browser.post("/sign-up/code/again", follow=True)]

    assert sign_up(KNOWN, then=again) == sign_up(UNKNOWN, then=again)
