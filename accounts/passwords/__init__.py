"""How passwords are kept and what they must be."""

from accounts.passwords.breaches import is_breached
from accounts.passwords.digests import HASHERS, InvalidDigest, encoded_digest
from accounts.passwords.hashers import (
    Argon2Hasher,
    BCryptHasher,
    BCryptSHA256Hasher,
    PasswordsBusy,
    PBKDF2Hasher,
    check_queue,
    compare,
)
from accounts.passwords.kinds import BEGINNINGS, dummy
from accounts.passwords.rules import LengthValidator, SimilarityValidator
from accounts.passwords.text import MAX_LENGTH, MIN_LENGTH, normalised

__all__ = [
    "BEGINNINGS",
    "HASHERS",
    "MAX_LENGTH",
    "MIN_LENGTH",
    "Argon2Hasher",
    "BCryptHasher",
    "BCryptSHA256Hasher",
    "InvalidDigest",
    "LengthValidator",
    "PBKDF2Hasher",
    "PasswordsBusy",
    "SimilarityValidator",
    "check_queue",
    "compare",
    "dummy",
    "encoded_digest",
    "is_breached",
    "normalised",
]
