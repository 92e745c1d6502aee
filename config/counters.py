"""Totals of big tables, exact and quick: each transaction appends what it adds or takes away, a worker folds
the deltas into the total now and then (decisions 22). There is no row that every writer waits for.
"""

from django.db import connection

_ADD = "INSERT INTO counter_delta (name, delta) VALUES (%s, %s)"
_TOTAL = """
    SELECT COALESCE((SELECT total FROM counter WHERE name = %s), 0)
         + COALESCE((SELECT SUM(delta) FROM counter_delta WHERE name = %s), 0)
"""


def add(name: str, delta: int) -> None:
    """In the transaction of the change itself."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [name, delta])


def total(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, [name, name])
        return int(cursor.fetchone()[0])
