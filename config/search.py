"""Indexes for the API's substring searches: trigrams on PostgreSQL, where the server has them."""

from django.db import ProgrammingError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def index_substrings(editor: BaseDatabaseSchemaEditor, indexes: dict[str, str]) -> None:
    """Make each index, given as `table (expression)` by its name. Searches work without them, only slower.

    For migrations that are not atomic: no table is locked meanwhile.
    """
    if editor.connection.vendor != "postgresql" or not _has_trigrams(editor):
        return
    for name, place in indexes.items():
        table, _space, expression = place.partition(" ")
        # An attempt that was broken off leaves an index that is not valid.
        editor.execute(f"DROP INDEX IF EXISTS {name}")
        editor.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin ({expression} gin_trgm_ops)"
        )


def forget(editor: BaseDatabaseSchemaEditor, indexes: dict[str, str]) -> None:
    if editor.connection.vendor == "postgresql":
        for name in indexes:
            editor.execute(f"DROP INDEX IF EXISTS {name}")


def _has_trigrams(editor: BaseDatabaseSchemaEditor) -> bool:
    """Whether the extension is there, or can be had and we may have it."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone():
            return False
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except ProgrammingError:  # not ours to do; an administrator can, and migrate again
            return False
    return True
