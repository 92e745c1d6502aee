"""Second factors, which allauth keeps: whether one was given, whether it can still be read, and its reset."""

import time

from allauth.account import app_settings as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts import emails
from accounts.models import User
from config.audit import Actor
from config.crypto import Unreadable, unseal

_TYPED = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]


def was_given(request: HttpRequest) -> bool:
    """Whether it was a moment ago in this browser, at sign-in or since. A passkey that signed in alone is one.

    allauth keeps these notes, and has no public name to read them by.
    """
    notes = get_authentication_records(request, request.user)
    times = [note["at"] for note in notes if note["method"] == "mfa"]
    return bool(times) and time.time() - max(times) < account.REAUTHENTICATION_TIMEOUT


def reset(user: User, *, by: Actor | None) -> bool:
    """Take away what somebody has lost, and tell them by mail. False where there was nothing. Raises
    PermissionDenied.
    """
    with transaction.atomic():
        was_there = user.remove_second_factors(by=by)
        if was_there:
            emails.second_factor_reset(user.email_address).send()
    return was_there


def is_readable(factor: Authenticator) -> bool:
    """Whether SECRET_KEY and SECRET_KEY_FALLBACKS open it. A passkey has no secret here."""
    sealed = factor.data.get("secret") or factor.data.get("seed")
    try:
        return not sealed or bool(unseal(sealed))
    except Unreadable:
        return False


def are_lost(user: User) -> bool:
    """Whether no code that somebody could type can be checked any more."""
    factors = Authenticator.objects.filter(user=user, type__in=_TYPED)
    return bool(factors) and not any(map(is_readable, factors))
