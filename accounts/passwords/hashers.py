"""How passwords are hashed and compared, and how many at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import NamedTuple

from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    BasePasswordHasher,
    BCryptPasswordHasher,
    BCryptSHA256PasswordHasher,
    PBKDF2PasswordHasher,
    verify_password,
)

from accounts.passwords.text import normalised

# Of each process. A hash takes a processor for a while, and ours 46 MiB: a burst must queue for them. A web server's
# process answers in four threads (Procfile). Three of them may hash or wait; the fourth is for all other pages.
AT_ONCE = 2
MAY_WAIT = 1
LONGEST_WAIT = 2.0  # seconds
RETRY_AFTER = 2  # seconds, which a client is told

_slots = BoundedSemaphore(AT_ONCE)
_places = BoundedSemaphore(AT_ONCE + MAY_WAIT)


class PasswordsBusy(Exception):
    """As many passwords are being hashed as this process can bear. Nothing was decided about this one."""

    retry_after = RETRY_AFTER


class Comparison(NamedTuple):
    is_right: bool
    is_stale: bool  # to be hashed anew, if right: by another hasher or cost, or in the one form


class _Queued(BasePasswordHasher):
    """Compares when it is its turn. Raises PasswordsBusy where too many wait."""

    def verify(self, password: str, encoded: str) -> bool:
        with _turn():
            return super().verify(password, encoded)


class Argon2Hasher(_Queued, Argon2PasswordHasher):
    """argon2id with 46 MiB, one pass, one lane: a setting that OWASP recommends. It makes all new hashes, and so
    the one form of a password is all that is ever stored.
    """

    time_cost = 1
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turn():
            return super().encode(normalised(password), salt)


class BCryptHasher(_Queued, BCryptPasswordHasher):
    """For imported digests: bcrypt looks at 72 bytes, and whoever made the digest left the rest out too."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(password.encode()[:72], salt)  # type: ignore[arg-type]


class BCryptSHA256Hasher(_Queued, BCryptSHA256PasswordHasher):
    """For imported digests."""


class PBKDF2Hasher(_Queued, PBKDF2PasswordHasher):
    """For imported digests."""


def compare(password: str | None, *, encoded: str) -> Comparison:
    """In its one form; where that is not what was typed and not right, as it was typed: hashes of other systems, and
    of Ollio's first releases, know no one form. Where nothing is stored, the same work is done.

    Raises PasswordsBusy.
    """
    normal = normalised(password) if password else password
    is_right, is_stale = verify_password(normal, encoded)
    if is_right or normal == password:
        return Comparison(is_right, is_stale)
    is_right, _stale = verify_password(password, encoded)
    return Comparison(is_right, is_stale=True)


def check_queue() -> None:
    """Raise PasswordsBusy where no place is free just now: for doors that write something before they compare, so
    that a refusal costs nothing. Whoever passes may be refused all the same, later.
    """
    if _places.acquire(blocking=False):
        _places.release()
    else:
        raise PasswordsBusy


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise PasswordsBusy
    try:
        if not _slots.acquire(timeout=LONGEST_WAIT):
            raise PasswordsBusy
        try:
            yield
        finally:
            _slots.release()
    finally:
        _places.release()
