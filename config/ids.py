"""Ids with a prefix, ordered by time: for example `inv_` and 27 base-62 characters."""

import itertools
import secrets
import time

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 27
_PAIRS = ["".join(pair) for pair in itertools.product(_ALPHABET, repeat=2)]
_RANDOM_BITS = 112  # plus 48 bits of milliseconds: 160 bits, the maximum in 27 characters


class IdConverter:
    """`<id:user_id>` in a route. A malformed id, also one with NUL bytes, gets a 404 without a query."""

    regex = r"[a-z]{2,6}_[0-9A-Za-z]{1,27}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def pattern(prefix: str) -> str:
    """Return a regular expression for ids with this prefix. It works in Python and in JSON Schema."""
    return f"{prefix}_[0-9A-Za-z]{{{_LENGTH}}}"


def new_id(prefix: str) -> str:
    """Return a new id. In a bytewise collation, ids sort by the millisecond of creation; the rest is random."""
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    pairs = []
    for _ in range((_LENGTH + 1) // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return f"{prefix}_{''.join(reversed(pairs))[1:]}"  # the first of 28 digits is always 0
