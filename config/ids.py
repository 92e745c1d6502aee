"""Prefixed, time-ordered ids: `inv_` and 27 base-62 characters."""

import itertools
import secrets
import time

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 27
_PAIRS = ["".join(pair) for pair in itertools.product(_ALPHABET, repeat=2)]
_RANDOM_BITS = 112  # with 48 bits of milliseconds 160 bits, the most that 27 characters hold


class IdConverter:
    """`<id:user_id>` in a route: what cannot be an id, NUL bytes included, is no page and asks no database."""

    regex = r"[a-z]{2,6}_[0-9A-Za-z]{1,27}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def pattern(prefix: str) -> str:
    """What an id of this kind looks like, as a regular expression of Python and of JSON Schema."""
    return f"{prefix}_[0-9A-Za-z]{{{_LENGTH}}}"


def new_id(prefix: str) -> str:
    """An id that sorts by its millisecond of birth in a bytewise collation, random beyond that."""
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    pairs = []
    for _ in range((_LENGTH + 1) // 2):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return f"{prefix}_{''.join(reversed(pairs))[1:]}"  # the first of 28 digits is always 0
