"""A secret on its way from the form that made it to the page that shows it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.crypto import digest, seal, unseal
from config.database import ByteField, DatabaseNow

LIFE = timedelta(minutes=5)
_PAST = Q(created_at__lte=DatabaseNow() - LIFE)


class HeldSecretManager(models.Manager["HeldSecret"]):
    def hold(self, text: str, *, subject: str, user: models.Model, session_key: str) -> None:
        """Keep it for this browser alone. In the transaction that makes the secret."""
        self.forget_past()
        self.create(
            subject=subject, user_id=user.pk, session_hash=digest(session_key), sealed=seal(text)
        )

    def take(self, subject: str, *, user: models.Model, session_key: str) -> str | None:
        """The text, once: of those who ask at the same time one gets it. Nothing where it is not theirs."""
        theirs = self.exclude(_PAST).filter(
            subject=subject, user_id=user.pk, session_hash=digest(session_key)
        )
        held = theirs.first()
        is_first = held is not None and theirs.filter(pk=held.pk).delete()[0] == 1
        return unseal(held.sealed) if held and is_first else None

    def forget_past(self) -> None:
        self.filter(_PAST).delete()


class HeldSecret(models.Model):
    """Sealed, short-lived, for one browser, shown once. The row goes as its text is shown."""

    subject = ByteField(max_length=32, unique=True)  # the id of what it is the secret of
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_hash = ByteField(max_length=64)
    sealed = models.TextField()
    created_at = models.DateTimeField(db_default=DatabaseNow(), db_index=True)

    objects = HeldSecretManager()

    class Meta:
        db_table = "held_secret"
        default_permissions = ()

    def __str__(self) -> str:
        return self.subject
