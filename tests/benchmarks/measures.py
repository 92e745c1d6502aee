"""What is measured, each in a process of its own that ends with its figures."""

import json
import os
import statistics
import subprocess
import sys
import time

import psycopg

from tests.benchmarks import places

SECONDS = float(os.environ.get("OLLIO_BENCH_SECONDS", "2"))
BULK = 1000
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
