"""Whether somebody may come in to an account, or stay in: every door asks here, at every step, and nowhere else.

The doors are the hosted pages with their passkeys and resets, the Frontend API, and whoever goes on with a session.
"""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.models.second_factor import PROTECTING
from accounts.second_factors import is_readable
from config import audit

ANY_FACTOR = frozenset(Authenticator.Type.values)


class AccountShut(Exception):
    """Whoever has proved themselves is told why it opens nothing: "banned", "locked", or "passkey" where this door
    cannot ask for the second factor that they have.
    """

    def __init__(self, *, reason: str, seconds: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class PasswordChanged(Exception):
    """It is not the one any more that was there when they proved who they are."""


class SecondFactorOwed(Exception):
    """The first factor alone does not open this account."""


def check_first_factor(person: User, *, asks: Collection[str] = ANY_FACTOR) -> None:
    """Once they have proved who they are. `asks` are the kinds of second factor that the door can ask for.

    `person` was read by `timed()`, here and below. Raises AccountShut.
    """
    _check_standing(person)
    # Our own page asks for each kind, and says where one cannot be read any more.
    if asks != ANY_FACTOR and person.has_second_factor and second_factors(person).isdisjoint(asks):
        raise AccountShut(reason="passkey")


def check_entry(person: User, *, proved_hash: str, has_second_factor: bool) -> None:
    """The last look before a session is opened: all may have changed since the first factor.

    Raises AccountShut, PasswordChanged or SecondFactorOwed.
    """
    _check_standing(person)
    check_password(person, proved_hash=proved_hash)
    if not has_second_factor and person.has_second_factor:
        raise SecondFactorOwed


def check_session(person: User, *, proved_hash: str) -> None:
    """At each request of a session, and for each token. A lock keeps out who comes, not who is in.

    `proved_hash` is what `get_session_auth_hash` told when they signed in. Raises AccountShut or PasswordChanged.
    """
    _check_active(person)
    check_password(person, proved_hash=proved_hash)


def second_factors(person: User) -> set[str]:
    """The kinds that they may choose from, where one is asked for; of those whose secret can still be read."""
    rows = list(Authenticator.objects.filter(user=person.pk))
    if not any(row.type in PROTECTING for row in rows):
        return set()
    return {row.type for row in rows if is_readable(row)}


def _check_standing(person: User) -> None:
    if person.is_active and not person.is_locked:
        return
    reason = "locked" if person.is_active else "banned"
    audit.trace(f"refused_{reason}", subject=person.pk)
    raise AccountShut(reason=reason, seconds=person.lockout_seconds)


def _check_active(person: User) -> None:
    if not person.is_active:
        raise AccountShut(reason="banned")


def check_password(person: User, *, proved_hash: str) -> None:
    """Clocks do not tell, since a change is seen only once it is committed. Raises PasswordChanged."""
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    if not any(constant_time_compare(proved_hash, each) for each in hashes):
        raise PasswordChanged
