"""The database's clock, and fields and functions that work alike on PostgreSQL and SQLite.

All decisions about time use the database's clock. The clocks of processes are used for logs only.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

# SQL for the seconds since 1970. "%%" because it is used in statements with parameters.
EPOCH = {
    "postgresql": "EXTRACT(EPOCH FROM CLOCK_TIMESTAMP())::bigint",
    "sqlite": "CAST(STRFTIME('%%s', 'NOW') AS INTEGER)",
}


def run(sql: str, parameters: Sequence[Any], **parts: str) -> tuple | None:
    """Run an SQL statement and return its first row, or None. `{epoch}` in the statement is replaced by EPOCH."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(epoch=EPOCH[connection.vendor], **parts), parameters)
        return cursor.fetchone() if cursor.description else None


class DatabaseNow(models.Func):
    """The current time. Django's `Now()` is the start of the statement on PostgreSQL. That is too early for an
    UPDATE that had to wait for a lock.
    """

    template = "CLOCK_TIMESTAMP()"
    output_field = models.DateTimeField()
    arity = 0

    def as_sqlite(
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        template = "STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW')"
        return self.as_sql(compiler, connection, template=template, **context)


def now() -> datetime:
    """Read the database's clock once, for several columns that must hold the same time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT CLOCK_TIMESTAMP()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


class ByteField(models.CharField):
    """Text that is compared and sorted byte by byte on every database. SQLite does so by default."""

    def db_parameters(self, connection: Any) -> dict:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class AsWords(models.Func):
    """Give the text of a ByteField the default collation, to compare it with an ordinary text column.

    With another collation PostgreSQL does not use the index of that column.
    """

    template = "%(expressions)s"
    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "default"')
