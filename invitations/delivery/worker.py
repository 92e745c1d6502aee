"""The worker's loop. Any number of workers may run: only the worker that claims a message sends it."""

import time
from enum import Enum
from threading import Event

import structlog
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from accounts.models import (
    AddressChange,
    Application,
    Browser,
    HeldSecret,
    KeptAnswer,
    KnownDevice,
    PasswordKind,
    SecurityEvent,
    SignIn,
    SignUp,
    SpentCode,
)
from config import counters, limits
from config.limits import LimitExceeded
from invitations.delivery import channel
from invitations.delivery.claims import Candidate, claim, next_due
from invitations.delivery.sending import deliver

POLL_SECONDS = 0.5
BEAT_SECONDS = 10
_TALLY_SECONDS = 600
_CHORES_SECONDS = 3600
_DATABASE_SECONDS = 2

log = structlog.get_logger(__name__)


class Step(Enum):
    DONE = "look for more"
    HELD = "more is due, but not this very moment"
    IDLE = "nothing to do"


def work(stop: Event) -> None:
    """Deliver messages until `stop` is set. A message that is being sent is finished first."""
    rhythm = _Rhythm()
    while not stop.is_set():
        try:
            rhythm.keep()
            rest = 0.0 if step() is Step.DONE else POLL_SECONDS
        except (OperationalError, InterfaceError) as error:
            log.warning("database_lost", error=str(error))
            connection.close()
            rest = _DATABASE_SECONDS
        stop.wait(rest)


def drain(stop: Event) -> None:
    """Deliver all due messages, within the rate limit, then return."""
    channel.beat()
    while not stop.is_set() and (result := step()) is not Step.IDLE:
        if result is Step.HELD:
            stop.wait(POLL_SECONDS)


def step() -> Step:
    """Deliver one due message, if there is one."""
    if channel.is_paused():
        return Step.IDLE
    candidate = next_due()
    if candidate is None:
        return Step.IDLE
    if not _within_rate(candidate):
        return Step.HELD
    claimed = claim(candidate)
    if claimed:
        deliver(claimed)
    return Step.DONE


def _within_rate(candidate: Candidate) -> bool:
    """Tell whether the rate limit allows the message now. Urgent messages, such as codes, are not limited."""
    if not candidate.urgent:
        try:
            limits.take("sending")
        except LimitExceeded:
            return False
    return True


class _Rhythm:
    """Periodic tasks, run between messages: heartbeat, counters, statistics, deletion of old rows."""

    def __init__(self) -> None:
        self._next_beat = self._next_tally = self._next_chores = time.monotonic()

    def keep(self) -> None:
        moment = time.monotonic()
        if moment >= self._next_beat:
            channel.beat()
            counters.fold()
            self._next_beat = moment + BEAT_SECONDS
        if moment >= self._next_tally:
            PasswordKind.objects.tally()
            self._next_tally = moment + _TALLY_SECONDS
        if moment >= self._next_chores:
            Application.objects.end_test_mode()
            limits.forget_past()
            KeptAnswer.objects.forget_past()
            HeldSecret.objects.forget_past()
            SpentCode.objects.forget_past()
            SignUp.objects.forget_abandoned()
            SignIn.objects.forget_abandoned()
            AddressChange.objects.forget_abandoned()
            Browser.objects.forget_past()
            KnownDevice.objects.forget_past()
            SecurityEvent.objects.forget_past()
            call_command("clearsessions")
            self._next_chores = moment + _CHORES_SECONDS
