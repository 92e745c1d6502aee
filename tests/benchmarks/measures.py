"""What is measured, each in a process of its own that ends with its figures."""

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

SECONDS = float(os.environ.get("OLLIO_BENCH_SECONDS", "2"))
BULK = 1000
SIGN_UPS = 50
_PASSWORD = "seven wet penguins"
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
    """The same statements a second, by psycopg alone."""
    calls = int(max(4, SECONDS * 25) * concurrency)
    return _reference(server, copy=False, rows=1, calls=calls, concurrency=concurrency)


def copy(server):
    return _reference(server, copy=True, rows=BULK, calls=10, concurrency=1)


def count(server):
    """Median time of the counter's one statement, in ms."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        times = []
        for _number in range(20):
            started = time.perf_counter()
            connection.execute(_TOTAL).fetchone()
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def sign_up(server):
    """What one sign-up with a ticket through the Frontend API costs the server, hash and all: CPU in ms."""
    tickets = [_ticket(server) for _number in range(SIGN_UPS)]
    before = server.cpu()
    for ticket in tickets:
        said = {"strategy": "ticket", "ticket": ticket, "password": _PASSWORD}
        told = _post(server, "/__clerk/v1/client/sign_ups", said)
        if told["response"]["status"] != "complete":
            sys.exit(f"answer: {told}")
    return (server.cpu() - before) / SIGN_UPS * 1000


def hash_password():
    """What one hash costs, beside nothing: CPU in ms."""
    hasher = Argon2Hasher()
    before = time.process_time()
    for _number in range(SIGN_UPS):
        hasher.encode(_PASSWORD, hasher.salt())
    return (time.process_time() - before) / SIGN_UPS * 1000


def _ticket(server):
    said = {"email_address": f"{secrets.token_hex(8)}@domain.example", "notify": False}
    url = _post(server, "/v1/invitations", said)["url"]
    return url.partition("ticket=")[2]


def _post(server, path, said):
    headers = {
        "Host": places.HOST,
        "Authorization": f"Bearer {server.key}",
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", path, body=json.dumps(said), headers=headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return told


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
