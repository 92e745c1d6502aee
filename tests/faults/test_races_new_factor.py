"""On real servers: a thief with the password signs in at the moment when the owner adds an authenticator app."""

import re
import time
from functools import partial

import pytest

from accounts.models import User
from accounts.passwords import Argon2Hasher
from tests.accounts.test_second_factor import current_code
from tests.factories import PASSWORD, UserFactory
from tests.faults.conftest import ROUNDS
from tests.faults.servers import Browser, server_processes

ADA = "ada@example.com"
FEWER = max(3, ROUNDS // 10)


@pytest.fixture
def ada(world):
    ada = UserFactory(email_address=ADA)
    User.objects.filter(pk=ada.pk).update(password=Argon2Hasher().encode(PASSWORD, "saltsalt"))
    return ada


def at_the_form(port):
    return Browser(port).look("/sign-in")


def sign_in(browser, wait):
    time.sleep(wait)
    return browser.post("/sign-in", login=ADA, password=PASSWORD)


def enrol(owner):
    secret = re.search(r">([A-Z2-7]{32})<", owner.text)[1]
    time.sleep(0.1)  # as long as the password hash of a sign-in takes
    return owner.post("/account/second-factor/app", code=current_code(secret))


def test_nobody_slips_past_a_new_second_factor(world, gate, ada):
    slipped = 0
    with server_processes(world, processes=2) as ports:
        for _ in range(FEWER):
            ada.authenticator_set.all().delete()
            owner = sign_in(at_the_form(ports[0]), 0).look("/account/second-factor/app")
            thieves = [at_the_form(ports[1]) for _ in range(3)]
            steals = [partial(sign_in, thief, 0.02 * turn) for turn, thief in enumerate(thieves)]
            gate([partial(enrol, owner), *steals])
            assert ada.authenticator_set.filter(type="totp").exists()
            slipped += sum(thief.get("/account").status == 200 for thief in thieves)
    assert slipped == 0
