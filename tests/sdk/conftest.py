"""Clerk's official, unchanged SDKs, over HTTP against a running server.

`server` has `.base`, its URL, and `.key`, a secret key. All tests here share one server and its database, which the
tests' own ORM uses too. Nothing is rolled back: each test uses new addresses.

`clerk` is the Python SDK with that key. `clerk.sent` is every request of this test, `clerk.got` every status received.
The SDK repeats a request that gets a 5XX for up to an hour; here a 5XX fails the test instead.

`address()` returns a new address.
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
    """One client for all tests, because creating one reads all certificates of the system."""
    with httpx.Client() as client:
        yield client


@pytest.fixture
def connect(server, _transport):
    """`connect(key)` returns the Python SDK with any key; its requests are recorded."""

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
    """`refused(status, operation, typed=True)` runs an operation that must fail with that status, once, with the typed
    or the untyped error; it returns the `errors` of the response.
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
