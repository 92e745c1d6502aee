"""Session tokens that the server signed, at any time."""

from datetime import UTC, datetime, timedelta

import time_machine

from accounts import tokens
from accounts.sessions import BrowserSession
from tests.factories import UserFactory

ORIGIN = "http://localhost:3000"


def token(*, user=None, age=timedelta(0), origin=ORIGIN):
    """As it was handed out that long ago, to a page of that origin."""
    moment = datetime.now(UTC) - age
    session = BrowserSession("sess_1", user or UserFactory(), moment, moment + timedelta(days=14))
    with time_machine.travel(moment, tick=False):
        return tokens.mint(session, origin=origin)


def handshake(*, age):
    """What a browser came back with that long ago."""
    with time_machine.travel(datetime.now(UTC) - age, tick=False):
        return tokens.mint_handshake([f"__session={token(age=age)}; Path=/"])
