"""Does the time of a response reveal who has an account? Compares known and unknown addresses, in turns.

Each of three runs takes OLLIO_BENCH_TIMINGS (100) of each kind; the full proof takes 2000. Chance brings one p in a
hundred below the limit; a real difference brings all three down.
"""

import functools
import math
import os
import random
import secrets
import statistics
import sys
import time
from collections import Counter
from functools import partial
from itertools import chain

from accounts.passwords import Argon2Hasher
from tests.benchmarks import measures
from tests.benchmarks.visitor import Visitor

TIMINGS = int(os.environ.get("OLLIO_BENCH_TIMINGS", "100"))
RUNS = 3
_WARMING = 10  # pairs that are not counted
_PASSWORD, _WRONG = "seven wet penguins", "eight quiet otters"
_SIGN_UPS, _SIGN_INS = "client/sign_ups", "client/sign_ins"


def begin_sign_up(visitor, address):
    said = {"email_address": address, "password": _PASSWORD}
    return partial(visitor.send, "POST", f"/__clerk/v1/{_SIGN_UPS}", **said)


def prepare_verification(visitor, address):
    begun = visitor.call(_SIGN_UPS, email_address=address, password=_PASSWORD)
    path = f"/__clerk/v1/{_SIGN_UPS}/{begun['id']}/prepare_verification"
    return partial(visitor.send, "POST", path, strategy="email_code")


def begin_sign_in(visitor, address, **said):
    return partial(visitor.send, "POST", f"/__clerk/v1/{_SIGN_INS}", identifier=address, **said)


def sign_in_page(visitor, address):
    said = {"login": address, "password": _WRONG, "csrfmiddlewaretoken": visitor.token("/sign-in")}
    return partial(visitor.send, "POST", "/sign-in", **said)


def mailing_page(visitor, address, path):
    said = {"email": address, "csrfmiddlewaretoken": visitor.token(path)}
    return partial(visitor.send, "POST", path, **said)


# Each prepares everything for an address, and returns the request to be timed.
WAYS = {
    "sign_ups": begin_sign_up,
    "prepare_verification": prepare_verification,
    "sign_ins, wrong password": partial(begin_sign_in, password=_WRONG),
    "sign_ins, email_code": partial(begin_sign_in, strategy="email_code"),
    "sign_ins, reset": partial(begin_sign_in, strategy="reset_password_email_code"),
    "page, wrong password": sign_in_page,
    "page, code": partial(mailing_page, path="/sign-in/with-code"),
    "page, reset": partial(mailing_page, path="/password/reset"),
}


def compare(server):
    """Yield for each kind of request: its name, the medians for known and unknown addresses in ms, and the p of
    each run.
    """
    runs = [
        [(_known(server), _new()) for _number in range(TIMINGS + _WARMING)]
        for _number in range(RUNS)
    ]
    for name, way in WAYS.items():
        taken = [_timings(server, way, pairs=pairs) for pairs in runs]
        known, unknown = (
            statistics.median(chain.from_iterable(times)) for times in zip(*taken, strict=True)
        )
        yield name, known, unknown, [mann_whitney(*times) for times in taken]


def mann_whitney(some, others):
    """Return the two-sided p that both samples have one distribution: normal approximation, corrected for ties."""
    counts, ranks, below = Counter([*some, *others]), {}, 0
    for value in sorted(counts):
        ranks[value] = below + (counts[value] + 1) / 2
        below += counts[value]
    product = len(some) * len(others)
    above = sum(ranks[each] for each in some) - len(some) * (len(some) + 1) / 2 - product / 2
    ties = sum(count**3 - count for count in counts.values()) / (below * (below - 1))
    return 2 * statistics.NormalDist().cdf(
        -abs(above) / math.sqrt(product / 12 * (below + 1 - ties))
    )


def _timings(server, way, *, pairs):
    """Return times in ms for known and for unknown addresses. Chance decides which of a pair goes first."""
    times, statuses = ([], []), Counter()
    for pair in pairs:
        for which in random.sample((0, 1), 2):
            status, took = _time(server, way, address=pair[which])
            times[which].append(took)
            statuses[status] += 1
    if len(statuses) > 1 or set(statuses) - {200, 302, 422}:
        sys.exit(f"answers: {dict(statuses)}")
    return [each[_WARMING:] for each in times]


def _time(server, way, *, address):
    visitor = Visitor(server)
    visitor.send("GET", "/healthz")  # opens the connection, so that it is not timed
    request = way(visitor, address)
    started = time.perf_counter()
    status, _text = request()
    took = (time.perf_counter() - started) * 1000
    visitor.leave()
    return status, took


def _known(server):
    """Create a user whose password hash costs what ours cost; return the address."""
    said = {"email_address": [_new()], "password_digest": _digest(), "password_hasher": "argon2id"}
    [address] = measures.call(server, "POST", "/v1/users", said)["email_addresses"]
    return address["email_address"]


@functools.cache
def _digest():
    hasher = Argon2Hasher()
    return hasher.encode(_PASSWORD, hasher.salt()).removeprefix("argon2")


def _new():
    return f"{secrets.token_hex(8)}@domain.example"
