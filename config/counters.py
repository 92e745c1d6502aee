"""Totals of big tables, exact and quick: each transaction appends what it adds or takes away, a worker folds
the deltas into the total now and then. There is no row that every writer waits for.
"""

from django.db import connection, transaction

ADD = "INSERT INTO counter_delta (name, delta) {rows}"  # for statements that do more than this
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
# PostgreSQL: one statement, so that every reader sees a delta either in the total or beside it; a second
# worker takes other deltas.
_TAKE = """
    WITH taken AS (
        DELETE FROM counter_delta WHERE id = ANY (ARRAY(
            SELECT id FROM counter_delta ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
        )) RETURNING name, delta
    )
"""
# SQLite: three statements of the one transaction that writes.
_NEWEST = "SELECT MAX(id) FROM (SELECT id FROM counter_delta ORDER BY id LIMIT 10000)"
_DROP = "DELETE FROM counter_delta WHERE id <= %s"


def add(name: str, delta: int) -> None:
    """In the transaction of the change itself."""
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(rows="VALUES (%s, %s)"), [name, delta])


def total(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [name, name])
        return int(cursor.fetchone()[0])


def fold() -> None:
    """Move deltas into their totals; any number of workers may. Where none wait, nothing is written."""
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
