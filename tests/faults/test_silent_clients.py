"""Clients that start a request and fall silent, each on its own connection to the server of the Procfile: other clients
do not wait for them.
"""

import itertools
import math
import socket
import time
from contextlib import contextmanager

import pytest

from tests.faults.conftest import ROUNDS
from tests.faults.race import tell
from tests.faults.servers import Browser, one_server

SILENT = 200
# Seconds; much longer in `make test-faults`.
HELD_FOR = 60 if ROUNDS >= 200 else 10 if ROUNDS > 20 else 1
ASKED_AT_LEAST = 20
BODY_SECONDS = 20  # config/server.py
QUICK = 1
HOST = b"Host: localhost\r\n"
SIGN_IN = b"POST /__clerk/v1/client/sign_ins HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST
BULK = b"POST /v1/invitations/bulk HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST
BEGUN = {
    "body": SIGN_IN + b"Content-Length: 500\r\n\r\n{",
    "chunked body": SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "bulk body": BULK + b"Content-Length: 2000000\r\n\r\n[",
    "head": b"GET /sign-up HTTP/1.1\r\nHo",
}
_numbers = itertools.count(1)
READ_BY_NOBODY = b"GET /static/ninja/swagger-ui-bundle.js HTTP/1.1\r\n" + HOST + b"\r\n"  # 1.5 MB


@pytest.fixture
def ask(served):
    """Call the server as a monitor, a visitor and a program do; return how many seconds each one waited."""
    person = Browser(served.port)
    program = Browser(served.port, headers={"Authorization": f"Bearer {served.key}"})
    calls = {
        "health": (lambda: person.get("/healthz"), {200, 503}),  # no mail worker runs here
        "page": (lambda: person.get("/sign-up"), {200}),
        "create": (lambda: program.post_json("/v1/invitations", **invited()), {200}),
    }

    def ask():
        waited = {}
        for name, (call, expected) in calls.items():
            began = time.monotonic()
            assert call().status in expected
            waited[name] = time.monotonic() - began
        return waited

    ask()  # loads the server's code before the measurement
    return ask


def invited():
    return {"email_address": f"ada{next(_numbers)}@example.com"}


def connect(port, said):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    connection.sendall(said)
    return connection


@contextmanager
def silent(port, said):
    """Open many silent connections that have sent `said`. `keep()` reopens those that the server has closed."""
    held = [connect(port, said) for _ in range(SILENT)]

    def keep():
        for index, connection in enumerate(held):
            if was_sent_away(connection):
                connection.close()
                held[index] = connect(port, said)

    yield keep
    for connection in held:
        connection.close()


def was_sent_away(connection):
    """Return whether the server closed the connection or sent an error. A good response stays unread."""
    connection.settimeout(0)
    try:
        heard = connection.recv(1 << 20, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return not heard.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("said", [*BEGUN.values(), READ_BY_NOBODY], ids=[*BEGUN, "answer"])
def test_all_others_are_served_at_once(served, ask, request, said):
    waited = []
    with silent(served.port, said) as keep:
        until = time.monotonic() + HELD_FOR
        while time.monotonic() < until or len(waited) < ASKED_AT_LEAST:
            waited.append(ask())
            keep()
    for name in waited[0]:
        p95 = sorted(each[name] for each in waited)[math.ceil(len(waited) * 0.95) - 1]
        tell(request, f"{SILENT} silent clients: {name} p95 {p95:.3f} s of {len(waited)}")
        assert p95 < QUICK


@pytest.mark.skipif(ROUNDS <= 20, reason="takes as long as a body may take")
@pytest.mark.parametrize("begun", ["body", "chunked body", "bulk body"])
def test_who_stays_silent_is_sent_away(served, begun):
    connection = connect(served.port, BEGUN[begun])
    began = time.monotonic()
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert BODY_SECONDS - 1 < time.monotonic() - began < BODY_SECONDS + 5


def test_the_server_ends_when_it_is_asked_to_whoever_is_silent(world):
    with one_server(world) as (port, process):
        held = [
            connect(port, said) for said in [*BEGUN.values(), READ_BY_NOBODY] for _ in range(10)
        ]
        Browser(port).get(
            "/sign-in"
        )  # this response shows that the server has read the earlier requests
        process.terminate()
        assert process.wait(20) == 0
    for connection in held:
        connection.close()
