from collections.abc import Iterable

from django.db import connection, models

from config.database import ByteField


class AddressGuardManager(models.Manager["AddressGuard"]):
    def lock(self, email_key: str) -> None:
        """Let one transaction at a time decide about an address. Taken first, before any other lock: without
        it, several invitations of one address accepted at once meet in a deadlock (R-B5).
        """
        self.lock_all([email_key])

    def lock_all(self, email_keys: Iterable[str]) -> None:
        """The guards of several addresses, in the order of their keys, so that two calls cannot deadlock."""
        keys = sorted(set(email_keys))
        if connection.features.has_select_for_update:  # SQLite has one writer anyway
            self.bulk_create([AddressGuard(email_key=key) for key in keys], ignore_conflicts=True)
            list(self.select_for_update().filter(pk__in=keys).order_by("pk"))


class AddressGuard(models.Model):
    email_key = ByteField(max_length=254, primary_key=True)

    objects = AddressGuardManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.email_key
