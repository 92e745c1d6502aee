"""Second factors, which allauth keeps: whether one was given, whether it can still be read, and its reset."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts import emails
from accounts.fresh_proof import is_recent
from accounts.models import User
from config.audit import Actor
from config.crypto import Unreadable, resealed, unseal

_TYPED = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
_AT_ONCE = 500


def was_given(request: HttpRequest) -> bool:
    """Whether it was a moment ago in this browser, at sign-in or since. A passkey that signed in alone is one."""
    notes = get_authentication_records(request, request.user)
    return is_recent([note["at"] for note in notes if note["method"] == "mfa"])


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
    sealed = factor.data.get(_sealed_in(factor))
    try:
        return not sealed or bool(unseal(sealed))
    except Unreadable:
        return False


def are_lost(user: User) -> bool:
    """Whether no code that somebody could type can be checked any more."""
    factors = Authenticator.objects.filter(user=user, type__in=_TYPED)
    return bool(factors) and not any(map(is_readable, factors))


def reseal() -> None:
    """Everybody's under the newest SECRET_KEY, so that a former one may be taken away."""
    last, factors = 0, Authenticator.objects.filter(type__in=_TYPED).order_by("pk")
    while pks := list(factors.filter(pk__gt=last).values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            # Locked, since a recovery code that is used changes the same column.
            rows = list(factors.filter(pk__in=pks).select_for_update())
            for row in filter(is_readable, rows):
                row.data[_sealed_in(row)] = resealed(row.data[_sealed_in(row)])
            Authenticator.objects.bulk_update(rows, ["data"])
        last = pks[-1]


def _sealed_in(factor: Authenticator) -> str:
    return "secret" if factor.type == Authenticator.Type.TOTP else "seed"
