from datetime import datetime

from django.db import connection, models

from config import database
from config.database import ByteField

# `ON CONFLICT … WHERE FALSE` locks an existing row without changing it. COUNT(*) makes PostgreSQL read the clock
# only after all rows are locked.
_LOCK = """
    WITH guarded AS (
        INSERT INTO invitations_addressguard (email_key) SELECT UNNEST(%s::text[])
        ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key WHERE FALSE RETURNING 1
    )
    SELECT CLOCK_TIMESTAMP() FROM (SELECT COUNT(*) FROM guarded) AS all_of_them
"""


class AddressGuardManager(models.Manager["AddressGuard"]):
    def lock(self, *email_keys: str) -> datetime:
        """Lock the addresses until the transaction ends; return the database's time, read after locking.

        Only one transaction at a time can decide about an address. Take this lock before any other lock:
        otherwise transactions that accept several invitations of one address at the same time would deadlock.
        Several guards are locked in the order of their keys, for the same reason.
        """
        if connection.vendor != "postgresql":  # SQLite allows only one writer
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
