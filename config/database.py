"""The database's clock: the only one that decides. Process clocks only write logs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

# Its seconds since 1970, in a statement that takes parameters.
EPOCH = {
    "postgresql": "EXTRACT(EPOCH FROM CLOCK_TIMESTAMP())::bigint",
    "sqlite": "CAST(STRFTIME('%%s', 'NOW') AS INTEGER)",
}


def run(sql: str, parameters: Sequence[Any], **parts: str) -> tuple | None:
    """The first row, if there is one, of a statement of our own, in which `{epoch}` is EPOCH."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(epoch=EPOCH[connection.vendor], **parts), parameters)
        return cursor.fetchone() if cursor.description else None


class DatabaseNow(models.Func):
    """This very moment. Django's own `Now()` is the start of the statement on PostgreSQL, which is too
    early for an UPDATE that had to wait for a lock.
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
    """Read the database's clock once, where several columns must hold the same instant."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT CLOCK_TIMESTAMP()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


class ByteField(models.CharField):
    """Text that is compared and sorted byte for byte on every database; so SQLite does by itself."""

    def db_parameters(self, connection: Any) -> dict:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class AsWords(models.Func):
    """A ByteField's text as other text columns have it: else PostgreSQL leaves the index of such a column alone."""

    template = "%(expressions)s"
    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "default"')
