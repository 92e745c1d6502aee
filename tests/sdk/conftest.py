"""Clerk's official SDKs, unmodified, over HTTP against a running server.

`server`   `.base`, its address; `.key`, a secret key. One server for all tests here, with a database of its
           own, which the tests' own ORM works on too. Nothing is rolled back: each test takes fresh addresses.
`clerk`    the Python SDK with that key. `clerk.sent` is every request it made in this test, `clerk.got` every
           status it was answered with. Python repeats a request that is answered 5XX for up to an hour: here
           one fails the test instead.
`address`  a new one at each call.
"""

import json
from io import StringIO
from itertools import count
from typing import NamedTuple

import httpx
import pytest
from clerk_backend_api import Clerk
from clerk_backend_api.models import ClerkBaseError, ClerkErrors, SDKError
from django.core.management import call_command

from tests.factories import SecretKeyFactory
from tests.faults.databases import own_database
from tests.faults.servers import server_processes
from tests.faults.world import World

_numbers = count(1)


class Server(NamedTuple):
    base: str
    key: str


class Sent(NamedTuple):
    method: str
    target: str
    headers: httpx.Headers
    body: object


@pytest.fixture(scope="package")
def server(tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("sdk")
    with django_db_blocker.unblock(), own_database(folder) as url:
        world = World(url, email_url="", folder=folder)
        call_command("prepare", stdout=StringIO())
        key = SecretKeyFactory(name="Back office")
        with server_processes(world, processes=1) as [port]:
            yield Server(base=f"http://127.0.0.1:{port}", key=key.raw)
        world.end()


@pytest.fixture(scope="package")
def _transport():
    """One client for all tests, because making one reads every certificate of the system."""
    with httpx.Client() as client:
        yield client


@pytest.fixture
def connect(server, _transport):
    """`connect(key)` is the Python SDK with any key, recorded."""

    def connect(key):
        clerk = Clerk(bearer_auth=key, server_url=f"{server.base}/v1", client=_transport)
        clerk.sent, clerk.got = [], []
        _transport.event_hooks = {
            "request": [lambda request: clerk.sent.append(_as_sent(request))],
            "response": [lambda response: clerk.got.append(_checked(response))],
        }
        return clerk

    return connect


@pytest.fixture
def clerk(connect, server):
    return connect(server.key)


@pytest.fixture
def address():
    return lambda: f"invitee{next(_numbers)}@example.com"


def _as_sent(request):
    body = json.loads(request.content) if request.content else None
    return Sent(request.method, request.url.raw_path.decode(), request.headers, body)


def _checked(response):
    assert response.status_code < 500, f"{response.request.url} answered {response.status_code}"
    return response.status_code


@pytest.fixture
def refused():
    """`refused(status, operation, typed=True)` runs what must fail with that status, as the typed error or
    as the untyped one, once and no more; the answer's `errors`.
    """
    return _refused


def _refused(status, operation, *, typed=True):
    with pytest.raises(ClerkBaseError) as raised:
        operation()
    fault = raised.value
    assert type(fault) is (ClerkErrors if typed else SDKError)
    assert fault.status_code == status
    errors = fault.raw_response.json()["errors"]
    if typed:
        assert [each.code for each in fault.data.errors] == [each["code"] for each in errors]
    return errors
