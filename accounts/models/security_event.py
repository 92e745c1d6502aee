import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models

from config.database import ByteField, DatabaseNow

# Seconds in which the same thing, done again by the same client, is counted in one row.
PERIOD = 300
_BATCH = 5_000  # rows that one statement deletes, so that nobody waits for it long
_BATCHES = 20  # a round of the worker; whatever is left has time until the next one

_MOMENT = {
    "postgresql": "CLOCK_TIMESTAMP()",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')",
}
_SECONDS = {
    "postgresql": "EXTRACT(EPOCH FROM CLOCK_TIMESTAMP())::bigint",
    "sqlite": "CAST(STRFTIME('%%s', 'NOW') AS INTEGER)",
}
_JSON = {"postgresql": "CAST(%s AS jsonb)", "sqlite": "%s"}
# One statement, so that of parallel requests none overwrites what another one counted.
_COUNT = """
    INSERT INTO security_event (kind, family, how, subject, client, browser,
                                actor_type, actor_id, actor_name, detail, at, period, count)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, {json}, {moment}, {seconds} / %s, 1)
    ON CONFLICT (period, kind, how, subject, client) DO UPDATE SET count = security_event.count + 1
"""
_FORGET = """
    DELETE FROM security_event WHERE id IN (
        SELECT id FROM security_event WHERE period < ({seconds} - %s) / %s ORDER BY period LIMIT %s
    )
"""


class SecurityEventManager(models.Manager["SecurityEvent"]):
    def note(self, **values: Any) -> None:
        """Write a new row, or count one more in the row of these five minutes."""
        texts = [values[name] for name in ("kind", "family", "how", "subject", "client", "browser")]
        actor = [values[name] for name in ("actor_type", "actor_id", "actor_name")]
        _run(_COUNT, [*texts, *actor, json.dumps(values["detail"]), PERIOD])

    def forget_past(self) -> None:
        """Delete what is older than AUDIT_DAYS, the oldest first and not all at once."""
        age = settings.AUDIT_DAYS * 24 * 3600
        for _ in range(_BATCHES):
            if _run(_FORGET, [age, PERIOD, _BATCH]) < _BATCH:
                return


class SecurityEvent(models.Model):
    """What happened at the doors: who came in, who was refused, which limit was reached. `config/audit.py` writes it.

    It has a table of its own: strangers decide how many rows there are, and each row ends after AUDIT_DAYS, while an
    Event is kept for good. `at` is the first time, `count` how often it happened in the five minutes of `period`.
    """

    kind = models.CharField(max_length=32)
    family = models.CharField(max_length=16)
    # Tells two of a kind apart: a method, a limit, a page.
    how = models.CharField(max_length=64, blank=True)
    subject = ByteField(max_length=32, blank=True)
    client = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    actor_type = models.CharField(max_length=16, blank=True)
    actor_id = ByteField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=130, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=DatabaseNow())
    period = models.BigIntegerField()
    count = models.IntegerField(default=1)

    objects = SecurityEventManager()

    class Meta:
        db_table = "security_event"
        default_permissions = ()
        indexes = [
            models.Index(fields=["family", "id"], name="security_event_family"),
            models.Index(fields=["subject", "id"], name="security_event_subject"),
        ]
        constraints = [
            # The period comes first: so the index finds what is old, too, and a range of dates.
            models.UniqueConstraint(
                fields=["period", "kind", "how", "subject", "client"], name="security_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


def period_of(moment: datetime) -> int:
    return int(moment.timestamp()) // PERIOD


def _run(sql: str, parameters: list) -> int:
    """How many rows it met."""
    words = {"moment": _MOMENT, "seconds": _SECONDS, "json": _JSON}
    pieces = {name: written[connection.vendor] for name, written in words.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**pieces), parameters)
        return cursor.rowcount
