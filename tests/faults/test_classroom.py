"""A class behind one network address: all invited people sign up at once, on real servers with the usual limits."""

import json
from functools import partial

import pytest

from accounts.models import User
from tests.faults.race import IN
from tests.faults.servers import Browser, insisting, server_processes

PUPILS = 14  # more than the limits of a client allow: posts a minute, and Frontend API calls in ten seconds
PASSWORD = "seven wet penguins"


@pytest.fixture
def ports(world):
    with server_processes(world, processes=2, LIMITS=json.dumps({})) as ports:
        yield ports


@pytest.fixture
def tickets(invite):
    return [
        invite(f"pupil{number}@example.com", channel="api").raw_ticket for number in range(PUPILS)
    ]


def test_fourteen_come_in_by_the_hosted_page(ports, tickets, gate):
    pupils = [Browser(ports[each % 2]).open(ticket) for each, ticket in enumerate(tickets)]
    posts = [partial(pupil.post, "/sign-up", password=PASSWORD) for pupil in pupils]
    answers = gate([partial(insisting, post) for post in posts])
    assert [answer.destination for answer in answers] == [IN] * PUPILS
    assert User.objects.filter(email_address__startswith="pupil").count() == PUPILS


def test_fourteen_come_in_by_the_frontend_api(ports, tickets, gate):
    """As Clerk's component does it: first the ticket, then the password."""

    def begin(pupil, ticket):
        return pupil.say("client/sign_ups", strategy="ticket", ticket=ticket)["id"]

    def finish(pupil, sign_up):
        pupil.say(f"client/sign_ups/{sign_up}?_method=PATCH", password=PASSWORD)
        return pupil

    pupils = [Browser(ports[each % 2]) for each in range(PUPILS)]
    begun = gate([partial(begin, *each) for each in zip(pupils, tickets, strict=True)])
    posts = [partial(finish, *each) for each in zip(pupils, begun, strict=True)]
    answers = gate([partial(insisting, post) for post in posts])
    assert [answer.status for answer in answers] == [200] * PUPILS
    assert User.objects.filter(email_address__startswith="pupil").count() == PUPILS
