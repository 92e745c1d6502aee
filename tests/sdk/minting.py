"""Session tokens that the server has signed, at any time."""

from datetime import UTC, datetime, timedelta

import time_machine

from accounts import tokens
from accounts.sessions import BrowserSession
from tests.factories import UserFactory

ORIGIN = "http://localhost:3000"


def token(*, user=None, age=timedelta(0), origin=ORIGIN):
    """Return a token as it was issued that long ago, for a page of that origin."""
    moment = datetime.now(UTC) - age
    session = BrowserSession("sess_1", user or UserFactory(), moment, moment + timedelta(days=14))
    with time_machine.travel(moment, tick=False):
        return tokens.mint(session, origin=origin)


def handshake(*, age):
    """Return what a browser brought back from the handshake that long ago."""
    with time_machine.travel(datetime.now(UTC) - age, tick=False):
        return tokens.mint_handshake([f"__session={token(age=age)}; Path=/"])
