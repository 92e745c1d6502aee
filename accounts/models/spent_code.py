from datetime import timedelta

from django.db import IntegrityError, models, transaction

from config.crypto import digest
from config.database import ByteField, DatabaseNow


class SpentCodeManager(models.Manager["SpentCode"]):
    def spend(self, code: str, *, user_id: str, seconds: int) -> bool:
        """Whether it was unspent. The key is unique, so of many at once one spends it."""
        key = digest(f"{user_id}:{code}")
        self.filter(pk=key, expires_at__lte=DatabaseNow()).delete()
        try:
            with transaction.atomic():
                self.create(key=key, expires_at=DatabaseNow() + timedelta(seconds=seconds))
        except IntegrityError:
            return False
        return True

    def forget_past(self) -> None:
        self.filter(expires_at__lte=DatabaseNow()).delete()


class SpentCode(models.Model):
    """A code of a second factor that somebody has used, for as long as it would be right once more."""

    key = ByteField(max_length=64, primary_key=True)  # a hash of user and code
    expires_at = models.DateTimeField(db_index=True)

    objects = SpentCodeManager()

    class Meta:
        db_table = "spent_code"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
