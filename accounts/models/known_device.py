from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models

from config.database import ByteField, DatabaseNow

KNOWN_FOR = timedelta(days=180)
_KEPT = 20  # browsers of one account


class KnownDeviceQuerySet(models.QuerySet["KnownDevice"]):
    def living(self) -> Self:
        return self.filter(last_used_at__gt=DatabaseNow() - KNOWN_FOR)

    def of_address(self, email_key: str) -> Self:
        """Of the account that has the address, first or further."""
        holders = {"user__emailaddress__email": email_key, "user__emailaddress__verified": True}
        return self.living().filter(**holders)

    def trim(self, user_id: str) -> None:
        """Forget the ones that were not used for the longest time, beyond the number that is kept."""
        newest = self.filter(user=user_id).order_by("-last_used_at", "secret_hash")
        beyond = list(newest.values_list("pk", flat=True)[_KEPT:])
        self.filter(pk__in=beyond).delete()

    def among(self, hashes: Iterable[str]) -> Self:
        return self.filter(pk__in=list(hashes))

    def forget_past(self) -> None:
        self.filter(last_used_at__lte=DatabaseNow() - KNOWN_FOR).delete()


class KnownDevice(models.Model):
    """A browser in which somebody has signed in to the account. It proves nothing and signs nobody in: it only has
    a count of wrong passwords of its own, so that no stranger's guesses keep its owner out (accounts/guesses.py).

    The browser holds the secret, we its hash. It ends with a change of password, and with the account.
    """

    secret_hash = ByteField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices"
    )
    created_at = models.DateTimeField(db_default=DatabaseNow())
    last_used_at = models.DateTimeField(db_default=DatabaseNow())

    objects = KnownDeviceQuerySet.as_manager()

    class Meta:
        db_table = "known_device"
        default_permissions = ()

    def __str__(self) -> str:
        return self.secret_hash
