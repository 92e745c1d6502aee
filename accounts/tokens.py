"""What an application's own servers believe without asking us, because we signed it."""

import functools
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.core.exceptions import ImproperlyConfigured

from accounts.models import SigningKey
from accounts.publishable_key import issuer
from accounts.sessions import BrowserSession
from config.crypto import Unreadable

LIFETIME = 60  # seconds; what ends a session ends its tokens with the last of them
LEEWAY = 10  # seconds by which the clock of a server that verifies may be behind ours


def mint(session: BrowserSession, *, origin: str) -> str:
    """A session token for a page of this origin.

    Raises crypto.Unreadable or ImproperlyConfigured where the key is gone; `manage.py prepare` mends both.
    """
    # Of two clocks, ours and the database's: Clerk's packages refuse a token older than its session.
    moment = max(int(time.time()), int(session.created_at.timestamp()))
    claims = {
        "sub": session.user.pk,
        "sid": session.id,
        "iss": issuer(),
        "iat": moment,
        "nbf": moment - LEEWAY,
        "exp": moment + LIFETIME,
        "v": 2,
        "sts": "active",
        "azp": origin,
    }
    return _sign(claims)


def mint_handshake(cookies: list[str]) -> str:
    """Headers `Set-Cookie` for an application's server, to set in our name on its own host."""
    moment = int(time.time())
    return _sign({"handshake": cookies, "iss": issuer(), "iat": moment, "exp": moment + LIFETIME})


def can_sign() -> bool:
    """Whether a token could be signed at this moment; where not, `manage.py prepare` mends it."""
    try:
        _private_key(SigningKey.objects.current())
    except (SigningKey.DoesNotExist, Unreadable, ImproperlyConfigured):
        return False
    return True


def _sign(claims: dict[str, Any]) -> str:
    """A JWT, RS256, by the key that signs at this very moment: a rotation is seen by every process at once."""
    key = SigningKey.objects.current()
    return jwt.encode(claims, _private_key(key), algorithm="RS256", headers={"kid": key.kid})


@functools.lru_cache(maxsize=4)  # unsealing and parsing cost more than signing
def _private_key(key: SigningKey) -> RSAPrivateKey:
    """Out of the row as it was read: another process may be rotating, which empties it in the database."""
    return key.private_key()
