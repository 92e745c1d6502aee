"""What stored hashes cost, by kind (hasher and costs); and hashes that nobody's password has, for addresses that
nobody has: to check a password against one takes as long as it takes for an account.
"""

import math
from collections.abc import Mapping

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils.crypto import salted_hmac

# How hashes of each hasher begin, up to where the costs stand. The kind ends with the next `$`.
BEGINNINGS = (
    "argon2$argon2id$v=19$",
    "bcrypt$$2b$",
    "bcrypt$$2a$",
    "bcrypt$$2y$",
    "bcrypt_sha256$$2b$",
    "bcrypt_sha256$$2a$",
    "bcrypt_sha256$$2y$",
    "pbkdf2_sha256$",
)
# Some salt and some hash, as each hasher writes them.
_RESTS = {
    "argon2": f"{'A' * 22}${'A' * 43}",
    "bcrypt": "." * 53,
    "bcrypt_sha256": "." * 53,
    "pbkdf2_sha256": f"salt${'A' * 43}=",
}


def dummy(address: str, *, counts: Mapping[str, int]) -> str:
    """A hash of one of the kinds, each drawn as often as it is stored; for one address always the same.

    Without any kind it is one that the hasher of new passwords stands in for.
    """
    if not counts:
        return UNUSABLE_PASSWORD_PREFIX
    kind = min(counts, key=lambda kind: _distance(address, kind=kind) / counts[kind])
    return kind + _RESTS[kind.partition("$")[0]]


def _distance(address: str, *, kind: str) -> float:
    """The least of these, each divided by its count, draws by counts. When a count changes, the draw of hardly any
    address does (and where ours grows, it only changes to ours, as it does for people who sign in).
    """
    drawn = salted_hmac("accounts.passwords.dummy", f"{kind}\n{address}", algorithm="sha256")
    number = int.from_bytes(drawn.digest()[:7])
    return -math.log((number + 1) / (1 << 56))
