import base64
from datetime import timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils.functional import cached_property

from config import audit, crypto, key_file
from config.database import ByteField, DatabaseNow
from config.ids import new_id

# How long a key that signs no more is shown: longer than a token lives and than anybody keeps a key set.
SHOWN_AFTER_RETIRING = timedelta(hours=24)


class SigningKeyManager(models.Manager["SigningKey"]):
    def current(self) -> "SigningKey":
        """The key that signs. Raises DoesNotExist until `manage.py prepare` has run."""
        for key in self._signing[:1]:
            return key
        raise self.model.DoesNotExist

    @cached_property
    def _signing(self) -> models.QuerySet["SigningKey"]:
        """Made once: every token waits for it."""
        return self.filter(retired_at=None).order_by("-created_at")

    def listed(self) -> models.QuerySet["SigningKey"]:
        """The keys whose tokens may be good, newest first."""
        alive = models.Q(retired_at=None) | models.Q(
            retired_at__gt=DatabaseNow() - SHOWN_AFTER_RETIRING
        )
        return self.filter(alive).order_by("-created_at", "-kid")

    def ensure(self, *, first_kid: str) -> None:
        """Make the key that signs where there is none, or none that can be used any more.

        It comes from the file that SIGNING_KEY_FILE names, else from chance. Raises ImproperlyConfigured.
        """
        file_key = key_file.named()
        old = self.filter(retired_at=None).order_by("-created_at").first()
        if old and old.is_usable(file_key=file_key):
            return
        self._replace(old, kid=new_id("ins") if old else first_kid, file_key=file_key)

    def rotate(self) -> "SigningKey":
        """Sign with a new key from now on. The old one stays listed until no token of its lives.

        Raises ImproperlyConfigured where the key is in a file, which is replaced by whoever looks after it.
        """
        if settings.SIGNING_KEY_FILE:
            raise ImproperlyConfigured(
                "The key is in the file that SIGNING_KEY_FILE names. Put another key there, then run"
                " manage.py prepare."
            )
        self._replace(self.current(), kid=new_id("ins"), file_key=None)
        return self.current()

    def _replace(
        self, old: "SigningKey | None", *, kid: str, file_key: RSAPrivateKey | None
    ) -> None:
        key = file_key or rsa.generate_private_key(
            public_exponent=65537, key_size=key_file.KEY_BITS
        )
        with transaction.atomic():
            if old and not self._retire(old):
                return  # somebody else was replacing it at this moment
            values = {
                "public_jwk": _public_jwk(key, kid=kid),
                "sealed_private_key": "" if file_key else crypto.seal(_pem(key)),
            }
            if self.get_or_create(kid=kid, defaults=values)[1]:
                audit.record("signing_key_made", subject=kid)

    def _retire(self, key: "SigningKey") -> int:
        return self.filter(pk=key.pk, retired_at=None).update(
            retired_at=DatabaseNow(), sealed_private_key=""
        )


class SigningKey(models.Model):
    """An RSA key that signs session tokens. Its private half is sealed under SECRET_KEY, or in a file."""

    kid = ByteField(max_length=31, primary_key=True)
    sealed_private_key = models.TextField(blank=True)
    public_jwk = models.JSONField()
    created_at = models.DateTimeField(db_default=DatabaseNow())
    retired_at = models.DateTimeField(null=True)

    objects = SigningKeyManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.kid

    @property
    def public_pem(self) -> str:
        """The public half, for programs that are given the key instead of asking for it."""
        public = jwt.PyJWK(self.public_jwk).key
        pem: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode().strip()

    def is_usable(self, *, file_key: RSAPrivateKey | None) -> bool:
        """Whether what is to sign now, the file's key if there is one, is this key."""
        if file_key:
            return self._is_half_of(file_key)
        try:
            return bool(crypto.unseal(self.sealed_private_key))
        except crypto.Unreadable:
            return False

    def private_key(self) -> RSAPrivateKey:
        """To sign with. Raises crypto.Unreadable or ImproperlyConfigured; `manage.py prepare` mends both."""
        if self.sealed_private_key:
            return key_file.load(crypto.unseal(self.sealed_private_key).encode())
        key = key_file.named()
        if not key or not self._is_half_of(key):
            raise ImproperlyConfigured(
                "SIGNING_KEY_FILE names another key, or none: run manage.py prepare."
            )
        return key

    def _is_half_of(self, key: RSAPrivateKey) -> bool:
        return self.public_jwk == _public_jwk(key, kid=self.kid)


def _pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public_jwk(key: RSAPrivateKey, *, kid: str) -> dict[str, str]:
    """The public half as verifiers read it (RFC 7517)."""
    numbers = key.public_key().public_numbers()
    n, e = _base64url(numbers.n), _base64url(numbers.e)
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": n, "e": e}


def _base64url(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
