"""Digests that other systems made of their users' passwords."""

import re

from django.utils.translation import gettext as _


class InvalidDigest(ValueError):
    """No digest of the hasher named, or one that would take too long to check."""


def encoded_digest(digest: str, *, hasher: str) -> str:
    """A digest that another system made, as Django keeps it; raises InvalidDigest.

    The first sign-in replaces it by one of ours. Until then it is computed as often as somebody guesses, so
    its cost is bounded: seconds of time, or 256 MiB.
    """
    pattern, prefix, most = _DIGESTS[hasher]
    match = pattern.fullmatch(digest)
    encoded = f"{prefix}{digest}"
    if match is None or len(encoded) > _MAX_ENCODED:
        raise InvalidDigest(_("Give a digest of this hasher, of at most 128 characters."))
    if any(
        not least <= int(cost) <= limit
        for cost, (least, limit) in zip(match.groups(), most, strict=True)
    ):
        raise InvalidDigest(_("This digest costs too much to check. Set a password instead."))
    return encoded


# In a salt's last character only two bits count; libraries refuse the others set.
_BCRYPT = r"\$2[aby]\$([0-9][0-9])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}"
_BCRYPT_COST = [(4, 15)]
_MAX_ENCODED = 128  # what the column holds
# Each hasher that a password may be imported with: its form, what Django writes in front, and the bounds of its costs.
_DIGESTS = {
    "bcrypt": (re.compile(_BCRYPT), "bcrypt$", _BCRYPT_COST),
    "bcrypt_sha256_django": (re.compile(rf"bcrypt_sha256\${_BCRYPT}"), "", _BCRYPT_COST),
    "pbkdf2_sha256_django": (
        re.compile(r"pbkdf2_sha256\$([0-9]{1,8})\$[!-#%-~]+\$[A-Za-z0-9+/]{43}="),
        "",
        [(1, 5_000_000)],
    ),
    "argon2id": (
        re.compile(
            r"\$argon2id\$v=19\$m=([0-9]{1,8}),t=([0-9]{1,4}),p=([0-9]{1,4})"
            r"\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}"
        ),
        "argon2",
        [(8, 256 * 1024), (1, 20), (1, 16)],
    ),
}
HASHERS = tuple(_DIGESTS)
