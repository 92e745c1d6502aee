"""Text that must be readable again later, but not from a stolen database: sealed under SECRET_KEY."""

import base64
import functools
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """Sealed under a key that is gone; SECRET_KEY_FALLBACKS would have kept it readable."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable when no key of this installation opens it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def resealed(sealed: str) -> str:
    """The same under the newest key; as it is where it is so already. Raises Unreadable."""
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
    """What is stored of a secret of 128 random bits or more, which nobody needs to read again."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SealedSerializer:
    """For sessions: whose sign-in waits for a second factor there is nothing that a database dump may show."""

    def dumps(self, values: dict) -> bytes:
        return seal(json.dumps(values)).encode()

    def loads(self, sealed: bytes) -> dict:
        return json.loads(unseal(sealed.decode()))
