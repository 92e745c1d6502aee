"""Tests over everything there is, such as each character, take a sample of it in `make test`. `.ci/run` sets
OLLIO_THOROUGH, and then they take the whole.
"""

import os
import sys

THOROUGH = os.environ.get("OLLIO_THOROUGH") == "true"
_ALL_OF = 0x300  # Latin letters with their marks: the likeliest twins
_STRIDE = 31  # a prime, so that blocks of 16 or 256 characters are met at different places


def code_points(end=sys.maxunicode + 1):
    if THOROUGH:
        return range(end)
    return [*range(_ALL_OF), *range(_ALL_OF, end, _STRIDE)]


def some(count):
    """So many of `count` generated cases."""
    return count if THOROUGH else count // 20
