"""The race for one ticket over HTTP, against four server processes."""

import time
from collections import Counter

import pytest

from accounts.models import User
from accounts.passwords import Argon2Hasher
from invitations.models import Event
from tests.faults.conftest import ROUNDS
from tests.faults.race import IN, USED, tell
from tests.faults.servers import PROCESSES, Browser, server_processes

POSTS = 16
BUSY = 503
HTTP_ROUNDS = max(5, ROUNDS // 4)  # each runs 16 real password hashes


@pytest.fixture
def ports(world):
    with server_processes(world) as ports:
        yield ports


def test_of_sixteen_posts_to_four_processes_one_comes_in(ports, invite, gate, audit, request):
    winners, tickets = Counter(), []
    for number in range(HTTP_ROUNDS):
        invitation = invite(f"ada{number}@example.com", channel="api")
        tickets.append(invitation.raw_ticket)
        first = Browser(ports[0]).open(invitation.raw_ticket)
        browsers = [first.at(ports[each % PROCESSES]) for each in range(POSTS)]
        gate([_sign_up(browser, password(each)) for each, browser in enumerate(browsers)])
        [winner] = _check_answers(browsers)
        _check_user(invitation, password=password(winner))
        winners[winner % PROCESSES] += 1
    audit(secrets=tickets)
    tell(request, f"{HTTP_ROUNDS} rounds of {POSTS} posts, won by process {dict(winners)}")


def password(number):
    return f"seven wet penguins {number}"


def _sign_up(browser, password):
    """Sign up; post again while too many passwords are being hashed."""

    def post():
        while browser.post("/sign-up", password=password).status == BUSY:
            time.sleep(0.05)

    return post


def _check_answers(browsers):
    """Check that one sign-up succeeded and the others were told that the link was used; return the winner's number."""
    destinations = [browser.destination or browser.status for browser in browsers]
    winners = [each for each, destination in enumerate(destinations) if destination == IN]
    assert {each for each in destinations if each != IN} == {USED}
    signed_in = [
        each
        for each, browser in enumerate(browsers)
        if browser.get("/account/welcome").status == 200
    ]
    assert signed_in == winners
    return winners


def _check_user(invitation, *, password):
    user = User.objects.get(email_key=invitation.email_key)
    assert Argon2Hasher().verify(password, user.password)
    assert Event.objects.filter(subject=invitation.pk, kind="accepted").count() == 1
