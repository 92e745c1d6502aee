"""How passwords are kept and what they must be (stack.md 1; ASVS 6.2): long rather than complicated."""

import re
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, BCryptPasswordHasher
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIN_LENGTH = 8
MAX_LENGTH = 1024

# Each hash takes 46 MiB: a burst of sign-ups must queue for them rather than exhaust the memory.
_slots = BoundedSemaphore(2)


class Argon2Hasher(Argon2PasswordHasher):
    """argon2id with 46 MiB, one pass, one lane: a setting that OWASP recommends."""

    time_cost = 1
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _slots:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _slots:
            return super().verify(password, encoded)


class BCryptHasher(BCryptPasswordHasher):
    """For imported digests: bcrypt looks at 72 bytes, and whoever made the digest left the rest out too."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(password.encode()[:72], salt)  # type: ignore[arg-type]


class InvalidDigest(ValueError):
    """No digest of the hasher named, or one that would take too long to check."""


def encoded_digest(digest: str, *, hasher: str) -> str:
    """A digest that another system made (contract 5.3), as Django keeps it; raises InvalidDigest.

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
# Each hasher of the contract: its form, what Django writes in front, and the bounds of its costs.
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


class LengthValidator:
    """8 characters at least, 1,024 at most; nothing about capitals or digits."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MIN_LENGTH:
            message = _("Use at least %(length)d characters. A few words are easy to remember.")
            raise ValidationError(message % {"length": MIN_LENGTH}, code="password_too_short")
        if len(password) > MAX_LENGTH:
            message = _("Use at most %(length)d characters.")
            raise ValidationError(message % {"length": MAX_LENGTH}, code="password_too_long")

    def get_help_text(self) -> str:
        return _("At least %(length)d characters. Long beats complicated.") % {"length": MIN_LENGTH}


class CommonValidator(CommonPasswordValidator):
    """None of the twenty thousand that are guessed first; the list comes with Django, nobody is asked."""

    def get_error_message(self) -> str:
        return _("This is easy to guess. Choose a few words that do not belong together.")


class SimilarityValidator(UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=["email_address", "first_name", "last_name"])

    def get_error_message(self) -> str:
        return _("Choose a password that does not resemble your %(verbose_name)s.")
