"""A known and an unknown address get the same responses, byte for byte, with the same work."""

import re
from functools import partial

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.models import Message
from tests.accounts.visiting import mails, sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.conftest import delivering
from tests.frontend_api.signing_in import attempt, begin, prepare

KNOWN, UNKNOWN, INVITED = "known@example.com", "other@example.com", "asked@example.com"
RESET = "reset_password_email_code"
_CHANGING = re.compile(
    r"(?<=sia_)\w+|(?<=idn_)\w+|(?<=client_)\w+|(?<=: |\":)\d{13}|\b[0-9a-f]{32}\b"
    r"|(?<=again in )\d+"
)
_VALUES = re.compile("'[^']*'|[0-9]+|NULL")


@pytest.fixture(autouse=True)
def known(application, still_windows, settings):
    settings.LIMITS = dict.fromkeys(("frontend_sign_in", "sign_in_page", "code_tried"), 1000)
    UserFactory(email_address=KNOWN)
    UserFactory(email_address="banned@example.com").ban(by=None)
    UserFactory(email_address="none@example.com", password=None)
    InvitationFactory(email_address=INVITED)


def plain(answer, address):
    """Return the response without its random parts and without the address."""
    letter, domain = address[0], address.partition("@")[2]
    masked = f"{letter}***@{domain}"
    text = _CHANGING.sub("*", answer.text.replace(address, "ADDRESS").replace(masked, "MASKED"))
    headers = {name: _CHANGING.sub("*", value) for name, value in answer.headers.items()}
    headers["Retry-After"] = len(headers.get("Retry-After", ""))  # it counts down by the second
    headers.pop("Content-Length")
    cookies = {name: (morsel["max-age"], morsel["path"]) for name, morsel in answer.cookies.items()}
    return answer.status_code, headers, cookies, text


def by_password(browser, address):
    begun = begin(browser, address)
    yield begun
    for _ in range(6):  # up to the limit and above it
        yield attempt(browser, begun, "password", password="wrong password")


def by_password_at_once(browser, address):
    for _ in range(6):
        yield begin(browser, address, password="wrong password")


def by_code(browser, address, strategy="email_code"):
    begun = begin(browser, address)
    yield begun
    yield attempt(browser, begun, strategy, code="000000")  # before any code was mailed
    yield prepare(browser, begun, strategy)
    yield prepare(browser, begun, strategy)  # before a second code may be sent
    for _ in range(6):  # up to the last try and one more
        yield attempt(browser, begun, strategy, code="00000x")
    yield browser.get("client")
    for _ in range(6):  # up to the mailbox's limit and above it
        yield begin(browser, address, strategy=strategy)


def by_reset(browser, address):
    yield from by_code(browser, address, RESET)


WAYS = [by_password, by_password_at_once, by_code, by_reset]


@pytest.mark.parametrize("way", WAYS)
def test_every_answer_is_the_same(new_browser, way):
    def seen(address, number=0):  # each has its own address, so no counter is shared
        browser = new_browser(REMOTE_ADDR=f"192.0.2.{number}")
        return [plain(answer, address) for answer in way(browser, address)]

    known = seen(KNOWN)
    assert {status for status, *_rest in known} >= {422, 429}
    others = (UNKNOWN, INVITED, "banned@example.com", "none@example.com")
    for number, other in enumerate(others, start=1):
        assert seen(other, number) == known


@pytest.mark.parametrize("way", [by_code, by_reset])
def test_a_mail_server_that_refuses_all_changes_no_answer(new_browser, refusing_server, way):
    expected = [plain(answer, INVITED) for answer in way(new_browser(), INVITED)]
    for address in (KNOWN, UNKNOWN):
        answers = delivering(way(new_browser(), address))
        assert [plain(answer, address) for answer in answers] == expected
    assert set(Message.objects.values_list("recipient", "state")) == {(KNOWN, "failed")}
    assert refusing_server.connections > 0


def work(browser, address, way):
    """Return the SQL statements of each step, without their values."""
    steps, taken = way(browser, address), []
    while True:
        with CaptureQueriesContext(connection) as queries:
            answer = next(steps, None)
        if answer is None:
            return taken
        taken.append([_VALUES.sub("?", each["sql"]) for each in queries if is_work(each["sql"])])


def is_work(sql):
    """A savepoint is either released, or first rolled back. Only the statements between are the work."""
    return "SAVEPOINT" not in sql


@pytest.mark.parametrize("way", WAYS)
def test_every_step_asks_the_database_for_the_same(new_browser, way):
    work(new_browser(), "first@example.com", way)  # the first request starts the client's counters
    known, unknown = (work(new_browser(), address, way) for address in (KNOWN, UNKNOWN))
    assert known == unknown


@pytest.mark.parametrize("way", WAYS)
def test_every_step_hashes_as_often(new_browser, monkeypatch, way):
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: hashes.append(1) or encode(self, *args)
    )
    counts = []
    for address in (KNOWN, UNKNOWN, "none@example.com"):
        counts.append([])
        for _step in way(new_browser(), address):
            counts[-1].append(len(hashes))
            hashes.clear()
    assert counts[0] == counts[1] == counts[2]


def by_page(browser, address):
    yield sign_in(browser.pages, address=address, password="wrong password")


def by_mailed_code(browser, address, ask, code):
    pages = browser.pages
    yield pages.post(ask, {"email": address})
    yield pages.get(code)
    yield pages.post(f"{code}/again")  # before a second code may be sent
    for _ in range(6):  # up to the last try and one more
        yield pages.post(code, {"code": "000000"})
    for _ in range(6):  # up to the mailbox's limit and above it
        yield pages.post(ask, {"email": address})


by_code_on_a_page = partial(by_mailed_code, ask="/sign-in/with-code", code="/sign-in/code")
by_reset_on_a_page = partial(by_mailed_code, ask="/password/reset", code="/password/reset/code")


@pytest.mark.parametrize("by_page", [by_page, by_code_on_a_page, by_reset_on_a_page])
def test_the_hosted_page_asks_the_database_for_the_same(new_browser, by_page):
    work(new_browser(), "first@example.com", by_page)
    known, unknown = (work(new_browser(), address, by_page) for address in (KNOWN, UNKNOWN))
    assert known == unknown


def test_only_who_is_known_gets_mail(new_browser):
    for address in (UNKNOWN, INVITED, KNOWN):
        begin(new_browser(), address, strategy="email_code")
    assert [mail.to for mail in mails()] == [[KNOWN]]
    assert Message.objects.count() == 1


def test_who_signs_up_meanwhile_begins_anew(new_browser, refused):
    browser = new_browser()
    begun = begin(browser, UNKNOWN)
    UserFactory(email_address=UNKNOWN)
    answer = attempt(browser, begun, "password", password=PASSWORD)
    assert refused(answer) == (422, "form_password_incorrect", "password")
    prepare(browser, begun)
    assert mails() == []
