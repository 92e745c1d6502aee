"""Session tokens: what an application's own servers believe without asking us (contract 7)."""

import functools
import time

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings

from accounts.models import SigningKey
from accounts.sessions import BrowserSession

LIFETIME = 60  # seconds; what ends a session ends its tokens with the last of them


def issuer() -> str:
    """This installation. Clerk's SDK believes a cookie's token whose issuer is the host in the publishable key."""
    return settings.BASE_URL


def mint(session: BrowserSession, *, origin: str) -> str:
    """A signed token (JWT, RS256) for the page that asks; `origin` is empty where none is known.

    Raises crypto.Unreadable or ImproperlyConfigured where the key is gone; `manage.py prepare` mends both.
    """
    key = SigningKey.objects.current()
    moment = int(time.time())
    claims = {
        "sub": session.user.pk,
        "sid": session.id,
        "iss": issuer(),
        "iat": moment,
        "nbf": moment,
        "exp": moment + LIFETIME,
        "v": 2,
        "sts": "active",
        **({"azp": origin} if origin else {}),
    }
    return jwt.encode(claims, _private_key(key.kid), algorithm="RS256", headers={"kid": key.kid})


@functools.lru_cache(maxsize=4)  # unsealing and parsing cost more than signing
def _private_key(kid: str) -> RSAPrivateKey:
    return SigningKey.objects.get(kid=kid).private_key()
