"""An attacker with many network addresses asks for codes in every way at once: the mailbox is not flooded."""

import time

import pytest

from accounts.models import SignIn
from invitations.models import Message
from tests.factories import UserFactory
from tests.faults.servers import PROCESSES, Browser, server_processes

ADA, EVE = "ada@example.com", "eve@example.com"
CLIENTS = 32
A_MAILBOX, A_CLIENT = 10, 5  # codes an hour


@pytest.fixture
def ports(world):
    UserFactory(email_address=ADA)
    with server_processes(world, LIMITS="{}", TRUSTED_PROXY_COUNT="1") as ports:
        yield ports


def page(path, browser, address):
    browser.look(path)
    return lambda: browser.post(path, email=address).status


def call(strategy, browser, address):
    said = {"identifier": address, "strategy": strategy}
    return lambda: (browser.say("client/sign_ins", **said), browser.status)[1]


WAYS = [
    (page, "/password/reset"),
    (page, "/sign-in/with-code"),
    (call, "email_code"),
    (call, "reset_password_email_code"),
]


def ask(ports, number, address, client):
    way, what = WAYS[number % len(WAYS)]
    browser = Browser(ports[number % PROCESSES], headers={"X-Forwarded-For": client})
    return way(what, browser, address)


def hours(since):
    """Return how many one-hour windows the test has touched: one, or two if an hour ended meanwhile."""
    return int(time.time() // 3600) - int(since // 3600) + 1


@pytest.mark.parametrize("address", [ADA, EVE])
def test_many_clients_cannot_flood_a_mailbox(ports, gate, address):
    since = time.time()
    calls = [ask(ports, n, address, f"2001:db8:{n}::1") for n in range(CLIENTS)]
    answers = gate(calls)
    most = A_MAILBOX * hours(since)
    sent = SignIn.objects.exclude(code_sent_at=None).count()
    assert A_MAILBOX <= sent <= most
    assert answers.count(429) == CLIENTS - sent
    assert Message.objects.count() == (sent if address == ADA else 0)


def test_one_customer_cannot_use_up_what_a_mailbox_gets(ports, gate):
    since = time.time()
    gate([ask(ports, number, ADA, f"2001:db8:1:2::{number + 1}") for number in range(12)])
    sent = Message.objects.count()
    assert A_CLIENT <= sent <= A_CLIENT * hours(since)
    assert ask(ports, 0, ADA, "192.0.2.7")() == 302
    assert Message.objects.count() == sent + 1
