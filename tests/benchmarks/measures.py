"""The measurements. Each runs in its own process, which ends with its figures."""

import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import time

import psycopg

from accounts.passwords import Argon2Hasher
from tests.benchmarks import places
from tests.benchmarks.visitor import Visitor

SECONDS = float(os.environ.get("OLLIO_BENCH_SECONDS", "2"))
BULK = 1000
SIGN_UPS = 100
_PASSWORD = "seven wet penguins"
_TEST_CODE = (
    "424242"  # the fixed code of test addresses in test mode; their mail is stored as usual
)
_BODY = '{"email_address": "invitee{n}@domain.example", "public_metadata": {"role": "editor"}}'
_TOTAL = """
    SELECT COALESCE((SELECT total FROM counter WHERE name = 'invitations'), 0)
         + COALESCE((SELECT SUM(delta) FROM counter_delta WHERE name = 'invitations'), 0)
"""


def create(server, *, concurrency):
    return _load(server, "POST", "/v1/invitations", body=_BODY, rows=1, concurrency=concurrency)


def bulk(server):
    return _load(server, "POST", "/v1/invitations/bulk", body=_BODY, rows=BULK, concurrency=1)


def read(server, path):
    return _load(server, "GET", path, body="", rows=0, concurrency=1)


def statements(server, *, concurrency):
    """Run the same statements with psycopg alone; return calls a second."""
    calls = int(max(4, SECONDS * 25) * concurrency)
    return _reference(server, copy=False, rows=1, calls=calls, concurrency=concurrency)


def copy(server):
    return _reference(server, copy=True, rows=BULK, calls=10, concurrency=1)


def count(server):
    """Return the median time of the counter's one statement, in ms."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        times = []
        for _number in range(20):
            started = time.perf_counter()
            connection.execute(_TOTAL).fetchone()
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def sign_up(server):
    """Return the server's CPU time for one sign-up with a ticket over the Frontend API, hash included, in ms."""
    tickets = [_ticket(server) for _number in range(SIGN_UPS)]
    before = server.cpu()
    for ticket in tickets:
        said = {"strategy": "ticket", "ticket": ticket, "password": _PASSWORD}
        told = call(server, "POST", "/__clerk/v1/client/sign_ups", said)
        if told["response"]["status"] != "complete":
            sys.exit(f"answer: {told}")
    return (server.cpu() - before) / SIGN_UPS * 1000


def sign_up_by_code(server):
    """Return the same for a sign-up with address, password and mailed code, and the page's first call after it."""
    call(server, "PATCH", "/v1/instance", {"test_mode": True})
    visitors = [Visitor(server) for _number in range(SIGN_UPS)]
    before = server.cpu()
    for visitor in visitors:
        address = f"{secrets.token_hex(8)}+clerk_test@domain.example"
        begun = visitor.call("client/sign_ups", email_address=address, password=_PASSWORD)
        path = f"client/sign_ups/{begun['id']}"
        visitor.call(f"{path}/prepare_verification", strategy="email_code")
        said = {"strategy": "email_code", "code": _TEST_CODE}
        done = visitor.call(f"{path}/attempt_verification", **said)
        visitor.call(f"client/sessions/{done['created_session_id']}/touch")
        visitor.leave()
    return (server.cpu() - before) / SIGN_UPS * 1000


def hash_password():
    """Return the CPU time of one password hash alone, in ms."""
    hasher = Argon2Hasher()
    before = time.process_time()
    for _number in range(SIGN_UPS):
        hasher.encode(_PASSWORD, hasher.salt())
    return (time.process_time() - before) / SIGN_UPS * 1000


def call(server, method, path, said):
    """Call the server with the secret key; return the response body."""
    headers = {
        "Host": places.HOST,
        "Authorization": f"Bearer {server.key}",
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, body=json.dumps(said), headers=headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status >= 300:
        sys.exit(f"answer to {path}: {answer.status} {told}")
    return json.loads(told) if told else None


def _ticket(server):
    said = {"email_address": f"{secrets.token_hex(8)}@domain.example", "notify": False}
    url = call(server, "POST", "/v1/invitations", said)["url"]
    return url.partition("ticket=")[2]


def _load(server, method, path, *, body, rows, concurrency):
    who = {"port": server.port, "host": places.HOST, "key": server.key, "seconds": SECONDS}
    what = {"method": method, "path": path, "body": body, "rows": rows}
    return _run("load", {**who, **what, "concurrency": concurrency}, url=server.url)


def _reference(server, **job):
    return _run("reference", {**job, "url": server.url}, url=server.url)["rate"]


def _run(module, job, *, url):
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}"],
        check=True,
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        cwd=places.ROOT,
        env=places.environment(url),
    )
    return json.loads(done.stdout)
