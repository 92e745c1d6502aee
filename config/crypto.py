"""Encrypt ("seal") text under SECRET_KEY. It can be decrypted later, but not with a stolen database alone."""

import base64
import functools
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """The text was sealed under a key that is no longer configured. SECRET_KEY_FALLBACKS keeps old keys usable."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt sealed text. Raises Unreadable if no key of this installation fits."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def resealed(sealed: str) -> str:
    """Seal the text again under the current key; return it unchanged if it already is. Raises Unreadable."""
    try:
        Fernet(_derive(settings.SECRET_KEY)).decrypt(sealed.encode())
    except InvalidToken:
        return seal(unseal(sealed))
    return sealed


def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(_derive(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


@functools.lru_cache(maxsize=8)
def _derive(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ollio.seal")
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))


def digest(secret: str) -> str:
    """Return the hash to store instead of a secret. The secret must have at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SealedSerializer:
    """Encrypt session data: a database dump must not show who is about to enter a second factor."""

    def dumps(self, values: dict) -> bytes:
        return seal(json.dumps(values)).encode()

    def loads(self, sealed: bytes) -> dict:
        return json.loads(unseal(sealed.decode()))
