import functools

from django.db import models

from config.database import ByteField, DatabaseNow
from config.ids import new_id


class Proof(models.TextChoices):
    """How it is known that an address is its holder's (contract 5.2: the `strategy`)."""

    TICKET = "ticket"
    CODE = "email_code"
    ADMIN = "admin"


class EmailIdentity(models.Model):
    """What the API tells of an address beyond allauth's own row: an id, and how it was proved."""

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "idn"))
    address = models.OneToOneField(
        "account.EmailAddress", on_delete=models.CASCADE, related_name="identity"
    )
    proof = models.CharField(max_length=16, choices=Proof)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    updated_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="identity_proof_known", condition=models.Q(proof__in=Proof.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} proved by {self.proof}"
