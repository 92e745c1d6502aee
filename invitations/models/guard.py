from django.db import connection, models

from config.database import ByteField


class AddressGuardManager(models.Manager["AddressGuard"]):
    def lock(self, email_key: str) -> None:
        """Let one transaction at a time decide about an address. Taken first, before any other lock: without
        it, several invitations of one address accepted at once meet in a deadlock (R-B5).
        """
        if connection.features.has_select_for_update:  # SQLite has one writer anyway
            self.bulk_create([AddressGuard(email_key=email_key)], ignore_conflicts=True)
            self.select_for_update().get(pk=email_key)


class AddressGuard(models.Model):
    email_key = ByteField(max_length=254, primary_key=True)

    objects = AddressGuardManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.email_key
