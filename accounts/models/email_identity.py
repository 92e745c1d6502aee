import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import models

from config.database import ByteField, DatabaseNow
from config.ids import new_id

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress

    from accounts.models.user import User


class Proof(models.TextChoices):
    """How it is known that an address is its holder's (the API's `strategy`)."""

    TICKET = "ticket"
    CODE = "email_code"
    ADMIN = "admin"


class EmailIdentityManager(models.Manager["EmailIdentity"]):
    def keep(
        self, *, user: "User", email_address: str, proof: Proof, is_primary: bool = False
    ) -> "EmailAddress":
        """A proved address of the user: allauth's row and ours. Raises IntegrityError where it is taken."""
        address = user.emailaddress_set.create(  # type: ignore[attr-defined]
            email=email_address, verified=True, primary=is_primary
        )
        self.create(address=address, proof=proof)
        return address

    def keep_all(
        self, email_addresses: Sequence[str], *, user: "User", proof: Proof
    ) -> "list[EmailAddress]":
        """All of a new user's addresses; the first one is their first, and leads what is returned.

        Written in one order for everybody: two who ask for the same addresses must not wait for each other.
        """
        first = email_addresses[0]
        kept = [
            self.keep(user=user, email_address=each, proof=proof, is_primary=each == first)
            for each in sorted(email_addresses)
        ]
        return sorted(kept, key=lambda row: not row.primary)


class EmailIdentity(models.Model):
    """What the API tells of an address beyond allauth's own row: an id, and how it was proved."""

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "idn"))
    address = models.OneToOneField(
        "account.EmailAddress", on_delete=models.CASCADE, related_name="identity"
    )
    proof = models.CharField(max_length=16, choices=Proof)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    updated_at = models.DateTimeField(db_default=DatabaseNow())

    objects = EmailIdentityManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="identity_proof_known", condition=models.Q(proof__in=Proof.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} proved by {self.proof}"
