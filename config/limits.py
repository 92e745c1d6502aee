"""How often something may happen. Counters live in the database, so that every process sees them; one
upsert counts, so that parallel requests cannot slip through between a read and a write.
"""

import hashlib
from typing import NamedTuple

from django.conf import settings
from django.db import connection


class Limit(NamedTuple):
    times: int
    seconds: int


# safety.md 2 and backend-api.md 1.6. The environment's LIMITS may raise a count for races and speed runs.
LIMITS = {
    "unknown_ticket": Limit(30, 60),  # failed look-ups, per client address
    "ticket_post": Limit(10, 15 * 60),  # failed posts, per ticket: a pause, never a lock
    "sign_up": Limit(10, 60),  # posts, per client address
    "sign_up_code": Limit(5, 3600),  # codes mailed, per mailbox
    "code_attempt": Limit(10, 60),  # codes tried, per client address
    "account_exists": Limit(1, 24 * 3600),  # "you already have an account", per mailbox
    "set_up": Limit(10, 60),  # set-up codes tried, per client address
    "wrong_key": Limit(20, 60),  # secret keys that do not exist, per client address
    "sending": Limit(5, 1),  # messages handed to the mail server, all together
    "visit": Limit(1, 60),  # timeline rows of link visits, per ticket
}

_EPOCH = {
    "postgresql": "EXTRACT(EPOCH FROM CLOCK_TIMESTAMP())::bigint",
    "sqlite": "CAST(STRFTIME('%%s', 'NOW') AS INTEGER)",
}
_COUNT = """
    INSERT INTO limit_counter (key, window_ends, count) VALUES (%s, ({epoch} / %s + 1) * %s, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN limit_counter.window_ends = excluded.window_ends
                     THEN limit_counter.count + 1 ELSE 1 END,
        window_ends = excluded.window_ends
    RETURNING count, window_ends - {epoch}
"""
_LOOK = "SELECT window_ends - {epoch} FROM limit_counter WHERE key = %s AND count >= %s AND window_ends > {epoch}"
_FORGET = "DELETE FROM limit_counter WHERE window_ends < {epoch}"


class LimitExceeded(Exception):
    """Too often. `retry_after` is in whole seconds, at least 1."""

    def __init__(self, *, name: str, retry_after: int) -> None:
        super().__init__(f"{name}: try again in {retry_after} s")
        self.name = name
        self.retry_after = retry_after


def take(name: str, *, subject: str = "") -> None:
    """Count one more `name` by `subject` (an address, a key, a ticket: stored hashed), or raise
    LimitExceeded. Call it outside a transaction, or a rollback forgets the count.
    """
    limit = _limit(name)
    count, left = _run(_COUNT, [_key(name, subject=subject), limit.seconds, limit.seconds])
    if count > limit.times:
        raise LimitExceeded(name=name, retry_after=max(1, left))


def check(name: str, *, subject: str = "") -> None:
    """Raise LimitExceeded where `take` has counted the full number, without counting this look."""
    row = _run(_LOOK, [_key(name, subject=subject), _limit(name).times])
    if row:
        raise LimitExceeded(name=name, retry_after=max(1, row[0]))


def forget_past() -> None:
    """Clear counters whose window is over; nothing depends on when."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET.format(epoch=_EPOCH[connection.vendor]), [])


def _limit(name: str) -> Limit:
    limit = LIMITS[name]
    return limit._replace(times=settings.LIMITS.get(name, limit.times))


def _key(name: str, *, subject: str) -> str:
    return f"{name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def _run(sql: str, parameters: list) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(epoch=_EPOCH[connection.vendor]), parameters)
        return cursor.fetchone()
