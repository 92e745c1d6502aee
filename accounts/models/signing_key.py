from django.db import models

from config.database import ByteField, DatabaseNow


class SigningKey(models.Model):
    """An RSA key that signs session tokens; its private half is sealed under SECRET_KEY."""

    kid = ByteField(max_length=31, primary_key=True)
    sealed_private_key = models.TextField(blank=True)
    public_jwk = models.JSONField()
    created_at = models.DateTimeField(db_default=DatabaseNow())
    retired_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.kid
