"""Some tests cover everything, such as every character. In `make test` they take a sample; with OLLIO_THOROUGH, which
`.ci/run` sets, they take all.
"""

import os
import sys

THOROUGH = os.environ.get("OLLIO_THOROUGH") == "true"
_ALL_OF = 0x300  # letters based on Latin ones: the likeliest look-alikes
_STRIDE = 31  # a prime, so that blocks of 16 or 256 characters are hit at different places


def code_points(end=sys.maxunicode + 1):
    if THOROUGH:
        return range(end)
    return [*range(_ALL_OF), *range(_ALL_OF, end, _STRIDE)]


def some(count):
    """Return how many of `count` generated cases to try."""
    return count if THOROUGH else count // 20
