"""Rate limits.

Counters are stored in the database, so that all processes share them. One upsert counts, so that parallel requests
cannot pass between a read and a write. Only the requests of a secret key are counted in each process separately: no
API request may wait for a row that another one has locked.
"""

import hashlib
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from config import audit
from config.audit import Actor
from config.database import run


class Limit(NamedTuple):
    times: int
    seconds: int
    is_pace: bool = False  # reaching it is normal, and is no security event
    # The window does not begin at fixed times. Each counted call extends it to `seconds` from that call, until the
    # full number is reached. So no period of that length ever has more calls, whenever it begins.
    from_last: bool = False


# "Client" means an IPv4 address or IPv6 /64 (config/clients.py). "Address" means an e-mail address. A "known browser"
# has a cookie from an earlier sign-in or sign-up of the same account (accounts/devices.py). The environment variable
# LIMITS can raise a number for race tests and speed tests.
LIMITS = {
    "requests": Limit(1000, 10),  # API requests, per production key and process
    # The same for a development key. In the environment variable LIMITS, `requests` sets both.
    "requests_test": Limit(100, 10),
    "create": Limit(1000, 3600),  # invitations created one at a time, per key
    "bulk": Limit(100, 3600),  # requests that create many, per key
    "resend": Limit(1, 60),  # per invitation; its first sending does not count
    "resend_day": Limit(5, 24 * 3600),  # the same
    "user_metadata": Limit(10, 10),  # changes through the API, per user
    "unknown_ticket": Limit(30, 60),  # failed look-ups, per client
    "ticket_post": Limit(10, 15 * 60),  # failed posts, per ticket: delays, never blocks for good
    # If a request has the ticket of an open invitation, these four count per ticket, and only refused requests count
    # per client (accounts/posts.py): sign_up, code_tried, frontend_sign_up, frontend_sign_in.
    "sign_up": Limit(10, 60),  # posts, per client
    "sign_in_page": Limit(10, 60),  # code sign-ins and resets begun on our pages, per client
    # Mailed codes, on pages and APIs and for all purposes together. For a known browser, only `code_asked` applies,
    # and it counts per browser.
    "code_asked": Limit(5, 3600),  # per mailbox and client
    "code_asked_hour": Limit(10, 3600),  # per mailbox, for all clients together
    "code_asked_day": Limit(30, 24 * 3600),  # the same
    "code_tried": Limit(10, 60),  # per client
    "sign_in": Limit(30, 60),  # passwords tried, per client, on our and the application's pages
    "wrong_password": Limit(5, 5 * 60),  # per address and client
    # Per address, for all browsers that are not known.
    "wrong_password_hour": Limit(50, 3600, from_last=True),
    "wrong_password_known": Limit(10, 5 * 60),  # per known browser
    # E-mails that warn of wrong passwords, per address.
    "guessing_told": Limit(1, 24 * 3600, is_pace=True, from_last=True),
    "frontend_sign_up": Limit(5, 10),  # sign-ups begun through the Frontend API, per client
    "frontend_sign_in": Limit(10, 10),  # sign-ins begun through it, per client
    # "You already have an account" e-mails, per mailbox.
    "account_exists": Limit(1, 24 * 3600, is_pace=True),
    "set_up": Limit(10, 60),  # set-up codes tried, per client
    "wrong_key": Limit(20, 60),  # secret keys that do not exist, per client
    "sending": Limit(5, 1, is_pace=True),  # messages handed to the mail server, in total
    "visit": Limit(1, 60, is_pace=True),  # timeline events for link visits, per ticket
}

# It does no harm if a crash loses the last counts. So a statement that is its own transaction does not wait for the
# disk, and unlocks at once the row that parallel requests count in. On PostgreSQL the setting ends with the
# statement. On SQLite the next commit of anything else waits for the pages of this one too.
_HURRY = "SELECT set_config('synchronous_commit', 'off', true)"
_COUNT = """
    WITH manner AS ({manner})
    INSERT INTO limit_counter (key, window_ends, count)
        SELECT CAST(%s AS varchar), ({epoch} / %s + 1) * %s, 1 FROM manner WHERE true
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN limit_counter.window_ends = excluded.window_ends
                     THEN limit_counter.count + 1 ELSE 1 END,
        window_ends = excluded.window_ends
    RETURNING count, window_ends - {epoch}
"""
_COUNT_FROM_LAST = """
    WITH manner AS ({manner})
    INSERT INTO limit_counter (key, window_ends, count)
        SELECT CAST(%s AS varchar), {epoch} + %s, 1 FROM manner WHERE true
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN limit_counter.window_ends > {epoch}
                     THEN limit_counter.count + 1 ELSE 1 END,
        window_ends = CASE WHEN limit_counter.window_ends > {epoch} AND limit_counter.count >= %s
                           THEN limit_counter.window_ends ELSE {epoch} + %s END
    RETURNING count, window_ends - {epoch}
"""
# Refused calls are counted too, but they occupy no place. So lower the count to the limit first, then take one off:
# the next call can pass.
_GIVE_BACK = """
    UPDATE limit_counter SET count = CASE WHEN count > %s THEN %s ELSE count END - 1
    WHERE key = %s AND count > 0 AND window_ends > {epoch}
"""
_LOOK = "SELECT window_ends - {epoch} FROM limit_counter WHERE key = %s AND count >= %s AND window_ends > {epoch}"
_FORGET = "DELETE FROM limit_counter WHERE window_ends < {epoch}"
_FORGET_CACHED = "DELETE FROM cache_entry WHERE expires_at < {epoch}"  # allauth's counters

_requests: dict[str, tuple[float, int]] = {}  # key id to (window, count); there are few keys
_lock = threading.Lock()


class LimitExceeded(Exception):
    """A rate limit was exceeded. `retry_after` is in whole seconds, at least 1."""

    def __init__(self, *, name: str, retry_after: int) -> None:
        super().__init__(f"{name}: try again in {retry_after} s")
        self.name = name
        self.retry_after = retry_after


def take(name: str, *, subject: str = "", by: Actor | None = None) -> int:
    """Count one call of the limit `name` for `subject`. Return how many more are allowed, or raise LimitExceeded.

    `subject` is an address, a key, a ticket or similar; only its hash is stored. Call this outside a transaction:
    otherwise a rollback removes the count.
    """
    limit = _limit(name)
    sql, more = _COUNT, [limit.seconds, limit.seconds]
    if limit.from_last:
        sql, more = _COUNT_FROM_LAST, [limit.seconds, limit.times, limit.seconds]
    with _hurry() as manner:
        row = run(sql, [_key(name, subject=subject), *more], manner=manner)
    assert row  # RETURNING
    count, left = row
    _judge(name, limit=limit, count=count, left=left, by=by, subject=subject)
    return limit.times - count


def give_back(name: str, *, subject: str = "") -> None:
    """Take one off the count, if what `take` counted in advance should not have counted."""
    times = _limit(name).times
    run(_GIVE_BACK, [times, times, _key(name, subject=subject)])


def take_request(*, by: Actor, in_development: bool) -> None:
    """Count one request of a key in this process, or raise LimitExceeded."""
    name = "requests_test" if in_development else "requests"
    limit = LIMITS[name]
    limit = limit._replace(times=settings.LIMITS.get("requests", limit.times))
    moment = time.monotonic()
    window = moment // limit.seconds
    with _lock:
        former, count = _requests.get(by.id, (window, 0))
        count = count + 1 if former == window else 1
        _requests[by.id] = (window, count)
    left = math.ceil((window + 1) * limit.seconds - moment)
    _judge("requests", limit=limit, count=count, left=left, by=by)


def _judge(
    name: str, *, limit: Limit, count: int, left: int, by: Actor | None, subject: str = ""
) -> None:
    # Once per window: otherwise a flood of requests would cause a flood of writes.
    if count == limit.times + 1 and not limit.is_pace:
        audit.trace("limit_reached", how=name, by=by, **_whom(subject, by=by))
    if count > limit.times:
        raise LimitExceeded(name=name, retry_after=max(1, left))


def _whom(subject: str, *, by: Actor | None) -> dict[str, str]:
    """Return whose limit it is, for the audit log: a key, or the user of an address. The log has the client anyway.

    Never treat typed text as an id: an address may begin like an id.
    """
    if by:
        return {"subject": by.id}
    if "@" not in subject:
        return {}
    address = subject.partition(" ")[0]  # a space and the client may follow the address
    holder = get_user_model().objects.holding(address).first()
    return {"subject": holder.pk if holder else "", "address": address}


def check(name: str, *, subject: str = "") -> None:
    """Raise LimitExceeded if `take` has counted the full number. This check itself is not counted."""
    row = run(_LOOK, [_key(name, subject=subject), _limit(name).times])
    if row:
        raise LimitExceeded(name=name, retry_after=max(1, row[0]))


def forget_past() -> None:
    """Delete counters whose window is over. It does not matter when this runs."""
    run(_FORGET, [])
    run(_FORGET_CACHED, [])


def _limit(name: str) -> Limit:
    limit = LIMITS[name]
    return limit._replace(times=settings.LIMITS.get(name, limit.times))


def _key(name: str, *, subject: str) -> str:
    return f"{name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


@contextmanager
def _hurry() -> Iterator[str]:
    """Let the commit of a count not wait for the disk. Yield the SQL that does so on PostgreSQL.

    Inside a caller's transaction, change nothing: that commit must be durable.
    """
    if connection.in_atomic_block:
        yield "SELECT 1"
    elif connection.vendor == "postgresql":
        yield _HURRY
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")
            try:
                yield "SELECT 1"
            finally:
                cursor.execute("PRAGMA synchronous = FULL")
