"""Public pages answer alike for known and unknown addresses: the responses are compared byte for byte."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SignIn
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
_VALUES = re.compile("'[^']*'|[0-9]+|NULL")
KNOWN, UNKNOWN = "known@example.com", "other@example.com"


@pytest.fixture(autouse=True)
def known(settings):
    settings.LIMITS = {
        "sign_up": 100,
        "sign_in_page": 100,
        "code_tried": 100,
    }  # both browsers have the same network address
    UserFactory(email_address=KNOWN)
    InvitationFactory(email_address="asked@example.com")


def plain(answer, address):
    """Return the response without its random parts (tokens, nonces, cookie values) and without the address."""
    text = re.sub(r'(nonce|value|csrf)="[^"]{20,}"', r'\1="*"', answer.text.replace(address, "*"))
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"Set-Cookie", "Content-Length", "Expires", "Retry-After"}
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


def by_mailed_code(address, ask, code):
    browser = Client()
    yield browser.post(ask, {"email": address})
    yield browser.get(code)
    yield browser.post(f"{code}/again", follow=True)  # before a second code may be sent
    for _ in range(6):  # up to the last try and one more
        yield browser.post(code, {"code": "000000"})
    SignIn.objects.update(code_sent_at="2020-01-01T00:00Z")
    yield browser.post(f"{code}/again", follow=True)
    for _ in range(6):  # up to the mailbox's limit and above it
        yield browser.post(ask, {"email": address})
    SignIn.objects.update(code_sent_at="2020-01-01T00:00Z")
    yield browser.post(f"{code}/again", follow=True)


@pytest.mark.parametrize(
    "way",
    [("/sign-in/with-code", "/sign-in/code"), ("/password/reset", "/password/reset/code")],
    ids=["sign-in", "reset"],
)
def test_a_mailed_code_looks_the_same_for_everybody(still_windows, way):
    UserFactory(email_address="banned@example.com").ban(by=None)
    UserFactory(email_address="none@example.com", password=None)

    def seen(address):
        return [plain(answer, address) for answer in by_mailed_code(address, *way)]

    expected = seen(UNKNOWN)
    assert {status for status, *_rest in expected} == {200, 302, 429}
    for address in (KNOWN, "asked@example.com", "banned@example.com", "none@example.com"):
        assert seen(address) == expected


def test_a_new_address_of_ones_own_costs_and_looks_the_same_whoever_has_it(member):
    member.post("/account/reauthenticate", {"password": PASSWORD})

    def ask(address):
        with CaptureQueriesContext(connection) as queries:
            answers = [member.post("/account/email", {"new_address": address})]
            answers += [member.post("/account/email/code", {"code": "000000"}) for _ in range(6)]
        work = [_VALUES.sub("?", each["sql"]) for each in queries if "SAVEPOINT" not in each["sql"]]
        return [plain(answer, address) for answer in answers], work

    ask("first@example.com")  # the first request starts the client's counters
    assert ask(KNOWN) == ask(UNKNOWN)
