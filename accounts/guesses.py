"""Wrong passwords are counted, so that nobody guesses for long, and so that no stranger's guesses keep an owner out.

In a browser in which the account is known, its own are counted. In all others those of one client are, and those of
all clients together; the latter shut the road by password, for such browsers alone, for an hour. The roads by mailed
code and by passkey stay open.

Counted is what is typed as the address, whether somebody has it or not: an account with several addresses has as many
counts, since one count for them would tell who has an account.
"""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.http import HttpRequest

from accounts import devices, emails
from accounts.models import User
from config import limits
from config.clients import client_network
from config.database import now
from config.limits import LimitExceeded

LIMITS = {"wrong_password", "wrong_password_hour", "wrong_password_known"}
type _Counts = list[tuple[str, str]]  # names of limits, each with its subject


def judge[Found](request: HttpRequest, *, email_address: str, check: Callable[[], Found]) -> Found:
    """What `check` finds by the password, which it hashes; what is false was a wrong one.

    Counted before it is hashed, so that parallel guesses cannot share a count, and taken back where it was right:
    only who knows the password can do so. Raises LimitExceeded; then nothing is hashed.
    """
    email_key = email_address.lower()
    known = devices.knows(request, email_key=email_key)
    counts = _counts(request, email_key=email_key, known=known)
    is_full = _take(counts)
    is_wrong = False
    try:
        found = check()
        is_wrong = not found
    finally:
        if not is_wrong:  # nor where nothing was judged, since hashing failed
            _give_back(counts)
    if is_wrong and is_full and not known:
        _tell_owner(request, email_key=email_key)
    return found


def _counts(request: HttpRequest, *, email_key: str, known: str) -> _Counts:
    """The client's comes first: what it refuses does not count against the others."""
    if known:
        return [("wrong_password_known", known)]
    by_client = f"{email_key} {client_network(request)}"
    return [("wrong_password", by_client), ("wrong_password_hour", email_key)]


def _take(counts: _Counts) -> bool:
    """Whether one of the counts is full now."""
    taken: _Counts = []
    is_full = False
    try:
        for name, subject in counts:
            is_full |= limits.take(name, subject=subject) <= 0
            taken.append((name, subject))
    except LimitExceeded:
        _give_back(taken)
        raise
    return is_full


def _give_back(counts: _Counts) -> None:
    for name, subject in counts:
        limits.give_back(name, subject=subject)


def _tell_owner(request: HttpRequest, *, email_key: str) -> None:
    """A mail a day that somebody tries. Where the address is nobody's the same work is done, down to the row in the
    outbox, which is taken back.
    """
    with suppress(LimitExceeded):
        limits.take("guessing_told", subject=email_key)
        owner = User.objects.holding(email_key).first()
        to = owner.email_address if owner else email_key
        message = emails.guessing(to, client=client_network(request), at=now())
        with transaction.atomic():
            message.send()
            transaction.set_rollback(owner is None or not owner.is_active)
