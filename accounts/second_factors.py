"""Second factors, which allauth keeps: whether one can still be read."""

from allauth.mfa.models import Authenticator

from accounts.models import User
from config.crypto import Unreadable, unseal

_TYPED = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]


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
