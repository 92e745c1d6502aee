"""Many addresses attack one account at once, on real servers: guessing is stopped soon, and the owner can still sign in
with a known browser.
"""

import json
from collections import Counter
from functools import partial
from itertools import batched

import pytest

from accounts.passwords import Argon2Hasher
from config.limits import LIMITS
from invitations.models import Message
from tests.factories import PASSWORD, UserFactory
from tests.faults.race import tell
from tests.faults.servers import Browser, insisting, server_processes

ADA = "ada@example.com"
WRONG = "wrong password"
IN, HELD_BACK = 302, 429
JUDGED = {200, 422}  # status of a wrong password: hosted page, Frontend API
ATTACKERS = 60  # network addresses
AT_ONCE = 20
ROUNDS = 2
# The limits on guessing keep their real values.
_OTHERS = {name: 10**6 for name in LIMITS if "password" not in name and name != "guessing_told"}


@pytest.fixture
def ports(world):
    environment = {"TRUSTED_PROXY_COUNT": "1", "LIMITS": json.dumps(_OTHERS)}
    with server_processes(world, processes=2, **environment) as ports:
        yield ports


@pytest.fixture
def ada(world):
    """Ada, whose password has the hash that the servers use."""
    hashed = Argon2Hasher().encode(PASSWORD, "as-many-letters-as-a-salt")
    return UserFactory(email_address=ADA, password=None, password_hash=hashed)


@pytest.fixture
def attackers(ports):
    """One attacker for each address. At each process, half use the hosted page and half the Frontend API."""
    return [_Attacker(ports[each // 2 % 2], number=each) for each in range(ATTACKERS)]


class _Attacker:
    def __init__(self, port, *, number, client=""):
        self._port, self._client = port, client or f"198.51.100.{number}"
        is_page = number % 2 == 0
        self._page = Browser(port, client=self._client).look("/sign-in") if is_page else None

    def guess(self):
        return insisting(self._guess).status

    def _guess(self):
        if self._page:
            return self._page.post("/sign-in", login=ADA, password=WRONG)
        said = {"identifier": ADA, "password": WRONG}
        program = Browser(self._port, client=self._client)  # keeps no cookies
        return program.post("/__clerk/v1/client/sign_ins", **said)


def sign_in(port, *, client="192.0.2.1", cookies=None):
    """Sign in as Ada with the form, in a browser that has only these cookies."""
    browser = Browser(port, client=client, cookies=cookies).look("/sign-in")
    return insisting(partial(browser.post, "/sign-in", login=ADA, password=PASSWORD))


def judged(statuses):
    counted = Counter("judged" if status in JUDGED else status for status in statuses)
    assert set(counted) <= {"judged", HELD_BACK}, counted
    return counted["judged"]


def test_no_more_than_fifty_are_judged_from_however_many_addresses(
    ada, ports, attackers, gate, request
):
    answers = []
    for some in batched(attackers * ROUNDS, AT_ONCE):
        answers += gate([each.guess for each in some])
    answers += [
        each.guess() for each in attackers
    ]  # again, since requests that were refused as busy have given their places back
    assert judged(answers) == 50
    assert sign_in(ports[0]).status == HELD_BACK
    assert Message.objects.filter(recipient=ADA).count() == 1  # the owner gets one mail
    tell(request, f"{ATTACKERS} addresses, {AT_ONCE} at once: {judged(answers)} of {len(answers)}")


def test_the_owner_comes_in_at_home_while_the_attack_goes_on(ada, ports, attackers, gate):
    first = sign_in(ports[0])
    assert first.status == IN
    home = {"known-browser_8000": first.cookie("known-browser_8000")}

    def owner():
        return sign_in(ports[1], client="203.0.113.9", cookies=home).status

    answers = []
    for some in batched(attackers * ROUNDS, AT_ONCE):
        *guesses, came_in = gate([*[each.guess for each in some], owner])
        assert came_in == IN
        answers += guesses
    answers += [each.guess() for each in attackers]
    assert judged(answers) == 50
    assert sign_in(ports[0]).status == HELD_BACK


def test_guesses_at_one_moment_share_no_count(ada, ports, gate):
    """One client may guess five times in a window of time, so at most ten times around its end."""
    alike = [_Attacker(ports[each % 2], number=each, client="198.51.100.1") for each in range(20)]
    answers = gate([each.guess for each in alike])
    assert judged(answers) in range(1, 11)  # a request refused as busy holds a place for a moment
    assert sign_in(ports[0]).status == IN
