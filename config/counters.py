"""Exact and fast totals of large tables.

Each transaction appends a row with its change (delta). From time to time a worker adds the deltas to the total. So
writers do not wait for each other at one row.
"""

from django.db import connection, transaction

ADD = "INSERT INTO counter_delta (name, delta) {rows}"  # also used inside larger statements
_TOTAL = """
    SELECT COALESCE((SELECT total FROM counter WHERE name = %s), 0)
         + COALESCE((SELECT SUM(delta) FROM counter_delta WHERE name = %s), 0)
"""
_WAITING = "SELECT EXISTS (SELECT 1 FROM counter_delta)"
_FOLD = """
    {first} INSERT INTO counter (name, total)
        SELECT name, SUM(delta) FROM {taken} GROUP BY name ORDER BY name
    ON CONFLICT (name) DO UPDATE SET total = counter.total + excluded.total
"""
# PostgreSQL: one statement, so that a reader sees each delta exactly once: in its own row or in the total. A second
# worker takes other deltas.
_TAKE = """
    WITH taken AS (
        DELETE FROM counter_delta WHERE id = ANY (ARRAY(
            SELECT id FROM counter_delta ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
        )) RETURNING name, delta
    )
"""
# SQLite: three statements in one transaction, which is the only writer.
_NEWEST = "SELECT MAX(id) FROM (SELECT id FROM counter_delta ORDER BY id LIMIT 10000)"
_DROP = "DELETE FROM counter_delta WHERE id <= %s"


def add(name: str, delta: int) -> None:
    """Append a delta. Call it in the transaction of the change itself."""
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(rows="VALUES (%s, %s)"), [name, delta])


def total(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [name, name])
        return int(cursor.fetchone()[0])


def fold() -> None:
    """Add the deltas to their totals. Several workers may run this in parallel. Without deltas, it writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        if not cursor.fetchone()[0]:
            return
        if connection.vendor == "postgresql":
            cursor.execute(_FOLD.format(first=_TAKE, taken="taken"))
            return
        with transaction.atomic():
            cursor.execute(_NEWEST)
            newest = cursor.fetchone()
            cursor.execute(_FOLD.format(first="", taken="counter_delta WHERE id <= %s"), newest)
            cursor.execute(_DROP, newest)
