"""Several development installations on one host: browsers send each of them the cookies of all."""

import json

import pytest

from accounts.passwords import Argon2Hasher
from tests.factories import PASSWORD, UserFactory
from tests.faults.servers import Browser, server_processes

ADA = "ada@example.com"


def installation(world, port):
    """Start an installation. The port in its BASE_URL differs from the port that it listens on."""
    return server_processes(world, processes=1, BASE_URL=f"http://localhost:{port}")


@pytest.fixture
def ports(world):
    with installation(world, 8001) as one, installation(world, 8002) as other:
        yield [*one, *other]


@pytest.fixture
def ada(world):
    hashed = Argon2Hasher().encode(PASSWORD, "as-many-letters-as-a-salt")
    return UserFactory(email_address=ADA, password=None, password_hash=hashed)


def sign_in(browser):
    browser.look("/sign-in").post("/sign-in", login=ADA, password=PASSWORD)
    assert browser.destination == "/", browser.text


def is_signed_in(browser):
    """Return whether the browser is signed in on our pages, and in the application."""
    client = json.loads(browser.get("/__clerk/v1/client").text)["response"]
    return browser.get("/account").status == 200, bool(client and client["sessions"])


def test_two_installations_on_one_host_do_not_sign_each_other_out(ports, ada):
    here = Browser(ports[0])
    sign_in(here)
    there = here.at(ports[1])
    assert is_signed_in(there) == (False, False)
    sign_in(there)
    there.look("/account").post("/sign-out")
    assert is_signed_in(there) == (False, False)
    assert is_signed_in(there.at(ports[0])) == (True, True)
