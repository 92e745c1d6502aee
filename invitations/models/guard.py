from datetime import datetime

from django.db import connection, models

from config import database
from config.database import ByteField

# A row that is there already is locked and left as it is. The clock is read after all of them.
_LOCK = """
    WITH guarded AS (
        INSERT INTO invitations_addressguard (email_key) SELECT UNNEST(%s::text[])
        ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key WHERE FALSE RETURNING 1
    )
    SELECT CLOCK_TIMESTAMP() FROM (SELECT COUNT(*) FROM guarded) AS all_of_them
"""


class AddressGuardManager(models.Manager["AddressGuard"]):
    def lock(self, *email_keys: str) -> datetime:
        """Let one transaction at a time decide about addresses; the database's clock, once that is so.

        Taken first, before any other lock: without it, several invitations of one address accepted at once
        meet in a deadlock. Several guards are taken in the order of their keys, for the same reason.
        """
        if connection.vendor != "postgresql":  # SQLite has one writer anyway
            return database.now()
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [sorted(set(email_keys))])
            return cursor.fetchone()[0]


class AddressGuard(models.Model):
    email_key = ByteField(max_length=254, primary_key=True)

    objects = AddressGuardManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.email_key
