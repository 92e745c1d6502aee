"""Indexes for the API's substring searches: trigram indexes, if PostgreSQL has the extension pg_trgm."""

from django.db import ProgrammingError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def index_substrings(editor: BaseDatabaseSchemaEditor, indexes: dict[str, str]) -> None:
    """Create the indexes. `indexes` maps a name to `table (expression)`. Without them, searches are slower.

    Only for migrations that are not atomic: the indexes are built concurrently, so that no table is locked.
    """
    if editor.connection.vendor != "postgresql" or not _has_trigrams(editor):
        return
    for name, place in indexes.items():
        table, _space, expression = place.partition(" ")
        # An interrupted attempt leaves an invalid index.
        editor.execute(f"DROP INDEX IF EXISTS {name}")
        editor.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin ({expression} gin_trgm_ops)"
        )


def forget(editor: BaseDatabaseSchemaEditor, indexes: dict[str, str]) -> None:
    if editor.connection.vendor == "postgresql":
        for name in indexes:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


def _has_trigrams(editor: BaseDatabaseSchemaEditor) -> bool:
    """Whether the extension is installed, or can be installed by us; install it if so."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone():
            return False
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except ProgrammingError:  # no permission; a database administrator can install it
            return False
    return True
