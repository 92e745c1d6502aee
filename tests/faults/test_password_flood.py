"""Many clients guess passwords at once on a real server: it still answers all other requests."""

import http.client
import itertools
import json
import threading
import time
from collections import Counter

import pytest

from accounts.models import PasswordKind
from tests.factories import UserFactory
from tests.faults.race import tell
from tests.faults.servers import server_processes

CLIENTS, GUESSES = 30, 2
GENEROUS = 10  # seconds; several times as much if pages had to wait for all hashes
SLOW = "bcrypt$$2b$13$"  # needs most of a second of CPU
_numbers = itertools.count(1)


@pytest.fixture
def port(world):
    with server_processes(world, processes=1, TRUSTED_PROXY_COUNT="1") as ports:
        yield ports[0]


def ask(port, method, path, said=None):
    """Return status, Retry-After and seconds of a request. Each request has its own network address."""
    number = next(_numbers)
    headers = {"X-Forwarded-For": f"192.0.{number // 250}.{number % 250}"}
    headers |= {"Content-Type": "application/json"} if said else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.monotonic()
    connection.request(method, path, body=json.dumps(said) if said else None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Retry-After"), time.monotonic() - began


def guess(port, answers):
    for _ in range(GUESSES):
        address = f"nobody{next(_numbers)}@example.com"
        said = {"identifier": address, "password": "wrong password"}
        answers.append(ask(port, "POST", "/__clerk/v1/client/sign_ins", said))


def test_pages_that_hash_nothing_answer_while_thirty_clients_guess(port, request):
    UserFactory(admin=True)  # without it every page leads to set-up
    PasswordKind.objects.create(kind=SLOW, count=1)
    guesses, pages = [], []
    clients = [threading.Thread(target=guess, args=(port, guesses)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    while any(client.is_alive() for client in clients):
        pages.append(ask(port, "GET", "/sign-in"))
    assert {status for status, *_rest in pages} == {200}
    assert max(seconds for *_rest, seconds in pages) < GENEROUS
    statuses = Counter(status for status, *_rest in guesses)
    assert statuses.keys() <= {422, 503}
    assert all(int(after) >= 1 for status, after, _seconds in guesses if status == 503)
    slowest = max(seconds for *_rest, seconds in pages)
    tell(
        request, f"flood: {dict(statuses)}, the slowest of {len(pages)} pages took {slowest:.2f} s"
    )
