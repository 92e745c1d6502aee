"""Tests of faults need committed data, several processes and a real mail server. Fixtures of the tests here:

`world`    a new, migrated database: a file on SQLite, a database of the test server on PostgreSQL. The test's own
           ORM uses it too. `world.environment` is for processes that a test starts;
           `world.run_worker(...)` sends the outbox in a process and returns it when it has ended,
           `world.start_worker(...)` starts one that keeps running, `world.create(addresses)` invites in a process,
           `world.let_time_pass()` ends leases, pauses and holds. `kill="after_claim:3"` makes the process
           SIGKILL itself at the third pass of a point (tests/faults/doomed.py lists the points).
`sink`     an SMTP server that the world's workers send to. `sink.script(address, "450", "ok")` sets how it
           handles the next messages to an address (tests/faults/sink.py lists the ways), `sink.stop()` and
           `sink.start()` take it off and on; `sink.mails` and `sink.to(address)` are the mails that arrived.
`served`   one server for all tests of a file, behind a proxy, with its own database, which the tests' ORM uses
           too: `.port`, `.process`, `.key`, `.world`. Nothing is rolled back: use new addresses.
`audit`    `audit(faults=0, secrets=[...])` checks what must hold after every fault.
`invite`   `invite("ada@example.com")` creates an invitation in this process, by an operator.
`gate`     `gate([call, call, ...])` runs the calls at the same moment, each in a thread with its own
           connection; returns what each call returned or raised, in order.

ROUNDS and KILLS come from OLLIO_ROUNDS (20) and OLLIO_KILLS (10); `make test-faults` raises both to 200.
"""

import os
import threading
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.addresses import normalise_email
from invitations.models import Invitation
from tests.factories import SecretKeyFactory, UserFactory
from tests.faults import auditor
from tests.faults.certificate import make_certificate
from tests.faults.databases import borrowed_database, make_template, own_database
from tests.faults.servers import one_server
from tests.faults.sink import Sink
from tests.faults.world import World

ROUNDS = int(os.environ.get("OLLIO_ROUNDS", "20"))
FEWER = max(20, ROUNDS // 4)  # for races without a number of rounds of their own
KILLS = int(os.environ.get("OLLIO_KILLS", "10"))


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    with make_template(tmp_path_factory.mktemp("template")) as template:
        yield template


@pytest.fixture
def sink():
    with Sink() as sink:
        yield sink


@pytest.fixture
def world(template, sink, tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), borrowed_database(template, folder=tmp_path) as url:
        world = World(url, email_url=sink.url, folder=tmp_path)
        yield world
        world.end()


class Served(NamedTuple):
    port: int
    process: object
    key: str
    world: World


@pytest.fixture(scope="module")
def served(tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock(), own_database(folder) as url:
        world = World(url, email_url="", folder=folder)
        call_command("prepare", stdout=StringIO())
        UserFactory(admin=True)  # without it every page leads to set-up
        key = SecretKeyFactory().raw
        with one_server(world, TRUSTED_PROXY_COUNT="1") as (port, process):
            yield Served(port, process, key, world)
        world.end()


@pytest.fixture
def audit(world, sink):
    def audit(*, faults=0, secrets=()):
        auditor.audit(mails=sink.mails, logs=world.logs, faults=faults, secrets=secrets)

    return audit


@pytest.fixture
def invite(world):
    operator = UserFactory(operator=True, email_address="olga@example.com")

    def invite(email_address, **fields):
        return Invitation.objects.create_pending(
            address=normalise_email(email_address), by=operator, **fields
        )

    return invite


@pytest.fixture
def gate():
    return _gate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1: (paths of certificate and key)."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def _gate(calls):
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def pass_through(index, call):
        barrier.wait()
        try:
            results[index] = call()
        except BaseException as error:  # noqa: BLE001 any exception is a result
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=pass_through, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
