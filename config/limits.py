"""How often something may happen. Counters live in the database, so that every process sees them; one
upsert counts, so that parallel requests cannot slip through between a read and a write. Only the requests
of a key are counted by each process for itself: no request may wait for another one's row.
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
    is_pace: bool = False  # being held back by it is everyday life, and no event
    # Its window is no slice of the clock: each one that is counted lets it last so long from then on, until the full
    # number is reached. So no stretch of that length ever sees more, wherever it begins.
    from_last: bool = False


# A client is a network address, of IPv6 the /64 (config/clients.py). An address is an e-mail address. The environment's
# LIMITS may raise a count for races and speed runs.
LIMITS = {
    "requests": Limit(1000, 10),  # of the API, per key of a production installation and process
    # The same in development; the environment says `requests` for both.
    "requests_test": Limit(100, 10),
    "create": Limit(1000, 3600),  # invitations made one at a time, per key
    "bulk": Limit(100, 3600),  # calls that make many, per key
    "resend": Limit(1, 60),  # per invitation; its first sending does not count
    "resend_day": Limit(5, 24 * 3600),  # the same
    "user_metadata": Limit(10, 10),  # changes by the API, per user
    "unknown_ticket": Limit(30, 60),  # failed look-ups, per client
    "ticket_post": Limit(10, 15 * 60),  # failed posts, per ticket: a pause, never a lock
    # With the ticket of an open invitation these count per ticket, and per client what is refused (accounts/posts.py):
    # sign_up, code_tried, frontend_sign_up, frontend_sign_in.
    "sign_up": Limit(10, 60),  # posts, per client
    "sign_in_page": Limit(10, 60),  # sign-ins by a code and resets begun on our pages, per client
    # Mailed codes, at all doors and for all purposes together. A browser in which the account is known has a count
    # of its own, `code_asked` per browser, and none of the others.
    "code_asked": Limit(5, 3600),  # per mailbox and client
    "code_asked_hour": Limit(10, 3600),  # per mailbox, whoever asks
    "code_asked_day": Limit(30, 24 * 3600),  # the same
    "code_tried": Limit(10, 60),  # per client
    "sign_in": Limit(30, 60),  # passwords tried to sign in, per client, on both kinds of pages
    "wrong_password": Limit(5, 5 * 60),  # per address and client
    # Per address, in all browsers that it is not known in.
    "wrong_password_hour": Limit(50, 3600, from_last=True),
    "wrong_password_known": Limit(10, 5 * 60),  # per browser that the account is known in
    # "Somebody tries your password", per address.
    "guessing_told": Limit(1, 24 * 3600, is_pace=True, from_last=True),
    "frontend_sign_up": Limit(5, 10),  # sign-ups begun through the Frontend API, per client
    "frontend_sign_in": Limit(10, 10),  # sign-ins begun through it, per client
    # "You already have an account", per mailbox.
    "account_exists": Limit(1, 24 * 3600, is_pace=True),
    "set_up": Limit(10, 60),  # set-up codes tried, per client
    "wrong_key": Limit(20, 60),  # secret keys that do not exist, per client
    "sending": Limit(5, 1, is_pace=True),  # messages handed to the mail server, all together
    "visit": Limit(1, 60, is_pace=True),  # timeline rows of link visits, per ticket
}

# A crash may forget the last counts. So a statement that is its own transaction does not wait for the disk,
# and the row that all requests of a key count in is free again at once. On PostgreSQL the setting ends with
# the statement; on SQLite the next commit of anything else waits for this one's pages too.
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
# Those who were refused are counted too, but hold no place: the one given back is free for whoever comes next.
_GIVE_BACK = """
    UPDATE limit_counter SET count = CASE WHEN count > %s THEN %s ELSE count END - 1
    WHERE key = %s AND count > 0 AND window_ends > {epoch}
"""
_LOOK = "SELECT window_ends - {epoch} FROM limit_counter WHERE key = %s AND count >= %s AND window_ends > {epoch}"
_FORGET = "DELETE FROM limit_counter WHERE window_ends < {epoch}"
_FORGET_CACHED = "DELETE FROM cache_entry WHERE expires_at < {epoch}"  # what allauth counts

_requests: dict[str, tuple[float, int]] = {}  # window and count by key; there are few keys
_lock = threading.Lock()


class LimitExceeded(Exception):
    """Too often. `retry_after` is in whole seconds, at least 1."""

    def __init__(self, *, name: str, retry_after: int) -> None:
        super().__init__(f"{name}: try again in {retry_after} s")
        self.name = name
        self.retry_after = retry_after


def take(name: str, *, subject: str = "", by: Actor | None = None) -> int:
    """Count one more `name` by `subject` (an address, a key, a ticket: stored hashed), or raise
    LimitExceeded. Call it outside a transaction, or a rollback forgets the count. How many more may follow.
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
    """Take one off the count again: what `take` counted beforehand turned out to be none of its kind."""
    times = _limit(name).times
    run(_GIVE_BACK, [times, times, _key(name, subject=subject)])


def take_request(*, by: Actor, in_development: bool) -> None:
    """Count one more request of a key in this process, or raise LimitExceeded."""
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
    # Once a window, or a flood would go on writing.
    if count == limit.times + 1 and not limit.is_pace:
        audit.trace("limit_reached", how=name, by=by, **_whom(subject, by=by))
    if count > limit.times:
        raise LimitExceeded(name=name, retry_after=max(1, left))


def _whom(subject: str, *, by: Actor | None) -> dict[str, str]:
    """Whose limit it is, as the audit log has it: a key, an address; a client it has anyway. No id is told from what
    a stranger has typed: an address may begin as ids do.
    """
    if by:
        return {"subject": by.id}
    if "@" not in subject:
        return {}
    address = subject.partition(" ")[0]  # a client may follow
    holder = get_user_model().objects.holding(address).first()
    return {"subject": holder.pk if holder else "", "address": address}


def check(name: str, *, subject: str = "") -> None:
    """Raise LimitExceeded where `take` has counted the full number, without counting this look."""
    row = run(_LOOK, [_key(name, subject=subject), _limit(name).times])
    if row:
        raise LimitExceeded(name=name, retry_after=max(1, row[0]))


def forget_past() -> None:
    """Clear counters whose window is over; nothing depends on when."""
    run(_FORGET, [])
    run(_FORGET_CACHED, [])


def _limit(name: str) -> Limit:
    limit = LIMITS[name]
    return limit._replace(times=settings.LIMITS.get(name, limit.times))


def _key(name: str, *, subject: str) -> str:
    return f"{name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


@contextmanager
def _hurry() -> Iterator[str]:
    """In somebody's transaction nothing of the kind: their commit must be durable."""
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
