"""A sign-up does not reveal who has an account: responses are equal byte for byte, and so is the work behind them."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SignUp, User
from invitations.models import Message
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.conftest import delivering
from tests.frontend_api.signing_up import (
    LONG_AGO,
    PATIENT,
    SIGN_UPS,
    attempt,
    begin,
    by_address,
    mailed_code,
    prepare,
    ticket_for,
)

pytestmark = pytest.mark.django_db
KNOWN, INVITED, UNKNOWN = "known@example.com", "asked@example.com", "other@example.com"
CHANGING = re.compile(r'"(sua|client)_\w+"|\b1\d{12}\b|"clerk_trace_id": "\w+"')


@pytest.fixture(autouse=True)
def known(settings, application):
    settings.LIMITS = PATIENT
    UserFactory(email_address=KNOWN)
    InvitationFactory(email_address=INVITED)


def walk(browser, address):
    """Yield the responses to all that a page can do with an address whose mails it cannot read."""
    said = {"email_address": address, "password": "eight quiet otters", "first_name": "Eve"}
    yield begin(browser, **said)
    path = f"{SIGN_UPS}/{browser.client()['sign_up']['id']}"
    yield browser.get("client")
    yield prepare(browser, path)
    yield prepare(browser, path)
    for _ in range(6):
        yield attempt(browser, path, "000000")
    yield browser.get("client")
    yield browser.patch(path, password="short")
    yield browser.patch(path, last_name="Moneypenny")
    SignUp.objects.update(code_sent_at=LONG_AGO)
    yield attempt(browser, path, "000000")
    yield prepare(browser, path)
    yield browser.patch(path, email_address=f"else-{address}")
    yield browser.patch(path, email_address=address)
    yield begin(browser, **said)


def plain(answer, address):
    """Return the response without its random parts (ids and times) and without the address."""
    headers = {k: v for k, v in answer.headers.items() if k not in {"X-Trace-Id", "Content-Length"}}
    return answer.status_code, headers, CHANGING.sub("*", answer.text.replace(address, "ADDRESS"))


def seen(browser, address):
    return [plain(answer, address) for answer in walk(browser, address)]


@pytest.mark.parametrize("address", [KNOWN, INVITED])
def test_every_step_answers_alike(new_browser, address):
    expected = seen(new_browser(), UNKNOWN)
    assert {status for status, *_ in expected} == {200, 400, 422, 429}
    assert seen(new_browser(), address) == expected
    assert not User.objects.filter(email_address=UNKNOWN).exists()


@pytest.mark.parametrize("address", [KNOWN, INVITED])
def test_every_step_answers_alike_in_restricted_mode(new_browser, application, address):
    application.change(by=None, sign_up_mode="restricted")
    refusals = [
        plain(begin(new_browser(), email_address=each, password=PASSWORD), each)
        for each in (address, UNKNOWN)
    ]
    assert refusals[0] == refusals[1]
    assert refusals[0][0] == 403


def test_a_mail_server_that_refuses_all_changes_no_answer(new_browser, refusing_server):
    expected = seen(new_browser(), INVITED)
    for address in (KNOWN, UNKNOWN):
        answers = delivering(walk(new_browser(), address))
        assert [plain(answer, address) for answer in answers] == expected
    assert refusing_server.connections > 0
    assert refusing_server.mails == []


def work(call):
    """Return the SQL statements of a call, without their values."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return [re.sub("'[^']*'|[0-9]+", "?", each["sql"]) for each in queries]


@pytest.mark.parametrize("address", [KNOWN, INVITED])
def test_every_step_does_the_same_work(new_browser, address):
    """Compares work instead of time, because times vary on a busy machine."""

    def steps(each):
        browser = new_browser()
        said = {"email_address": each, "password": PASSWORD}
        done = [work(lambda: begin(browser, **said))]
        path = f"{SIGN_UPS}/{browser.client()['sign_up']['id']}"
        done.append(work(lambda: prepare(browser, path)))
        done.append(work(lambda: attempt(browser, path, "000000")))
        done.append(work(lambda: browser.patch(path, first_name="Eve")))
        return done

    steps("first@example.com")  # the first request of a window uses another statement
    assert steps(address) == steps(UNKNOWN)


def test_a_second_code_on_one_day_costs_the_same(new_browser):
    """A known address gets no second mail that day, but the same work is done."""

    def again(each):
        browser = new_browser()
        begin(browser, email_address=each, password=PASSWORD)
        path = f"{SIGN_UPS}/{browser.client()['sign_up']['id']}"
        prepare(browser, path)
        SignUp.objects.update(code_sent_at=LONG_AGO)
        return work(lambda: prepare(browser, path))

    again("first@example.com")
    # A savepoint is either released, or first rolled back. Only the statements between are the work.
    known, unknown = (
        [sql for sql in again(each) if "SAVEPOINT" not in sql] for each in (KNOWN, UNKNOWN)
    )
    assert known == unknown


def test_a_known_address_is_told_by_mail_once_a_day(browser, new_browser):
    for each in (browser, new_browser()):
        by_address(each, KNOWN)
    assert Message.objects.count() == 1


class CountingHasher(MD5PasswordHasher):
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings):
    """`hashes(call)` returns how many passwords the call hashes."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def hashes(call):
        before = CountingHasher.count
        call()
        return CountingHasher.count - before

    return hashes


def test_a_sign_up_hashes_one_password(browser, new_browser, hashes):
    assert hashes(lambda: begin(browser, ticket=ticket_for(), password=PASSWORD)) == 1
    assert User.objects.filter(email_address="ada@example.com").exists()
    other = new_browser()
    assert hashes(lambda: by_address(other)) == 1
    path = f"{SIGN_UPS}/{other.client()['sign_up']['id']}"
    assert hashes(lambda: attempt(other, path, mailed_code())) == 0
    assert User.objects.filter(email_address="eve@example.com").exists()


def test_what_is_refused_hashes_none(new_browser, hashes, application):
    for said in (
        {"ticket": "olt_x"},
        {"ticket": ticket_for(revoked=True)},
        {"ticket": ticket_for(KNOWN)},
    ):
        assert hashes(lambda said=said: begin(new_browser(), **said, password=PASSWORD)) == 0
    weak = {"email_address": UNKNOWN, "password": "12345678"}
    assert hashes(lambda: begin(new_browser(), **weak)) == 0
    application.change(by=None, sign_up_mode="restricted")
    strong = {"email_address": UNKNOWN, "password": PASSWORD}
    assert hashes(lambda: begin(new_browser(), **strong)) == 0


def test_the_mask_leaves_nearly_all_of_an_answer(new_browser):
    answer = begin(new_browser(), email_address=UNKNOWN)
    _status, _headers, text = plain(answer, UNKNOWN)
    assert len(text) > 0.8 * len(answer.text)
