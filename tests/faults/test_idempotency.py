"""Equal requests with one Idempotency-Key: at the same time, after a crash, or after a lost response."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from accounts.models import KeptAnswer
from invitations.models import Event, Invitation, Message
from tests.factories import SecretKeyFactory
from tests.faults.conftest import ROUNDS
from tests.faults.databases import ROOT
from tests.faults.doomed_request import invite
from tests.faults.race import tell
from tests.faults.servers import server_processes

REQUESTS = 20
FEWER = max(5, ROUNDS // 20)  # on SQLite nineteen wait for the one that writes
FEW, MANY = 5, 60  # statements in the transaction of a create


@pytest.fixture
def raw_key(world):
    return SecretKeyFactory().raw


def test_of_twenty_equal_requests_one_is_done(raw_key, gate, request):
    told = Counter()
    for number in range(FEWER):
        address = f"ada{number}@example.com"
        answers = gate([lambda address=address: invite(raw_key, address)] * REQUESTS)
        told += _check_one_was_done(address, [_parts(answer) for answer in answers])
    tell(
        request,
        f"{FEWER} rounds of {REQUESTS} requests, {told[200]} times 200, {told[409]} 409",
    )


def test_of_twenty_equal_requests_to_two_processes_one_is_done(raw_key, world, gate, request):
    told = Counter()
    with server_processes(world, processes=2) as ports:
        for number in range(FEWER):
            address = f"ada{number}@example.com"
            calls = [
                lambda port=ports[each % 2], address=address: _post(port, raw_key, address)
                for each in range(REQUESTS)
            ]
            told += _check_one_was_done(address, gate(calls))
    tell(request, f"the same to two processes, {told[200]} times 200, {told[409]} times 409")


def test_a_request_that_was_killed_is_sent_again(raw_key, world, audit, sink, request):
    with _killer(world, raw_key) as kill:
        for patience in range(MANY):
            address = f"ada{patience}@example.com"
            assert kill(f"{patience} {address}") == -signal.SIGKILL
            made = Invitation.objects.filter(email_address=address).first()
            answer = _again(raw_key, address)
            assert Invitation.objects.get(email_address=address).pk == answer.json()["id"]
            assert answer.get("Idempotency-Replayed") == ("true" if made else None)
            if made:  # it died between COMMIT and response
                assert made.pk == answer.json()["id"]
                break
    assert FEW <= patience < MANY - 1
    world.run_worker()
    assert len(sink.mails) == Message.objects.count() == KeptAnswer.objects.count() == patience + 1
    audit(secrets=[raw_key])
    tell(
        request,
        f"killed after each of {patience} statements and after COMMIT, then sent again",
    )


@contextmanager
def _killer(world, raw_key):
    """Start a process that is told what to do and when to die; each call returns an exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.doomed_request", raw_key],
        cwd=ROOT,
        env=world.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def kill(line):
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield kill
    process.communicate(timeout=30)


def _parts(answer):
    return answer.status_code, dict(answer.headers), answer.content


def _post(port, raw_key, address):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Authorization": f"Bearer {raw_key}",
        "Idempotency-Key": address,
        "Content-Type": "application/json",
    }
    body = json.dumps({"email_address": address})
    connection.request("POST", "/v1/invitations", body=body, headers=headers)
    response = connection.getresponse()
    parts = response.status, dict(response.headers), response.read()
    connection.close()
    return parts


def _check_one_was_done(address, answers):
    """Check for one row, one event and one message. Every response shows that row or says to come back. Return the
    count of each status.
    """
    invitation = Invitation.objects.get(email_address=address)
    assert Message.objects.filter(invitation=invitation).count() == 1
    assert Event.objects.filter(subject=invitation.pk, kind="created").count() == 1
    good = [body for status, _headers, body in answers if status == 200]
    assert json.loads(good[0])["id"] == invitation.pk
    assert set(good) == {good[0]}
    replayed = [
        headers for _status, headers, _body in answers if "Idempotency-Replayed" in _titled(headers)
    ]
    assert len(replayed) == len(good) - 1
    for status, headers, body in answers:
        if status != 200:
            assert (status, _titled(headers)["Retry-After"]) == (409, "1"), body
            assert json.loads(body)["errors"][0]["code"] == "idempotency_key_in_progress"
    return Counter(status for status, _headers, _body in answers)


def _titled(headers):
    """Servers send header names in lower case."""
    return {name.title(): value for name, value in headers.items()}


def _again(raw_key, address):
    """Retry a 409, as clients do: the database may not have noticed yet that the first process is dead."""
    deadline = time.monotonic() + 30
    while (answer := invite(raw_key, address)).status_code == 409:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert answer.status_code == 200, answer.content
    return answer
