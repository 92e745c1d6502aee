# ruff: noqa: S608 table and column names are the models' own; all else is one parameter
"""The SQL by which invitations are judged and written: one statement on PostgreSQL, the same pieces one after
the other on SQLite, which has no writing CTEs. It serves one invitation as it does a thousand.

`asked` is what Python says, a JSON array with an object for each row: every column of the invitation to be,
and what `_EXTRAS` names. All else follows from it by name.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.db.models.expressions import RawSQL

from config import counters
from invitations.models.event import Event
from invitations.models.message import Message
from invitations.models.queries import LAPSED, LIVE
from invitations.models.ticket import Ticket

# Beside the columns of the invitation: its place in the call, and what its mail and its ticket need.
_EXTRAS = {
    "place": "integer",
    "mail_id": "text",
    "message_id": "text",
    "ticket_hash": "text",
    "channel": "text",
}

_EXCLUSIVE = RawSQL("SELECT email_key FROM asked WHERE exclusive", [])
_NOTIFIED = RawSQL("SELECT email_key FROM asked WHERE notify", [])

# Read by name below; each is given what it looks up in the database by the models' own queries.
_REFUSED = """
    SELECT place, CASE WHEN email_key IN (SELECT * FROM taken) THEN 'address_taken' ELSE 'duplicate' END AS reason
    FROM asked WHERE exclusive AND (
        repeated OR email_key IN (SELECT * FROM taken) OR email_key IN (SELECT * FROM live))
"""
_CROWDED = """
    SELECT place FROM
    asked WHERE notify AND (repeated OR email_key IN (SELECT * FROM mailed))
"""
_VERDICTS = (
    "SELECT place, reason FROM refused UNION ALL SELECT place, NULL FROM crowded ORDER BY place"
)

# The parts of one statement see the database as it was before all of them, in whatever order they run. So
# PostgreSQL is told: first judge, then clear the way, then write.
_ADMITTED = {
    "postgresql": """
        SELECT * FROM asked
        WHERE NOT EXISTS (SELECT 1 FROM refused) AND (SELECT COUNT(*) FROM cleared) >= 0
    """,
    "sqlite": "SELECT * FROM asked",
}
_COUNT = counters.ADD.format(rows="SELECT 'invitations', COUNT(*) FROM admitted")


class Verdicts(NamedTuple):
    refused: dict[int, str]  # why, by place
    crowded: list[int]  # the places whose mailbox had mail lately


def judge(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> Verdicts:
    return _ask(_judgement(model), rows)


def write(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> Verdicts:
    """Write all rows if none is refused. The guards of their addresses are held."""
    if connection.vendor == "postgresql":
        return _ask(_one_statement(model), rows)
    verdicts = judge(model, rows)
    for sql in [] if verdicts.refused else _in_sequence(model):
        with connection.cursor() as cursor:
            cursor.execute(sql, [_json(rows)])
    return verdicts


def _ask(sql: str, rows: Sequence[dict[str, Any]]) -> Verdicts:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_json(rows)])
        found = cursor.fetchall()
    return Verdicts(
        {place: reason for place, reason in found if reason},
        [i for i, reason in found if not reason],
    )


def _json(rows: Sequence[dict[str, Any]]) -> str:
    @functools.cache  # most of them are the same
    def stored(moment: datetime) -> str:
        return str(connection.ops.adapt_datetimefield_value(moment))

    return json.dumps(rows, default=stored)


@functools.cache
def _judgement(model: type[models.Model]) -> str:
    return _with(_readings(model), then=_VERDICTS)


@functools.cache
def _one_statement(model: type[models.Model]) -> str:
    pieces = {**_readings(model), "cleared": f"{_clearing(model)} RETURNING 1"}
    pieces["admitted"] = _ADMITTED["postgresql"]
    for number, writing in enumerate(_writings(model)):
        pieces[f"written_{number}"] = writing
    return _with(pieces, then=_VERDICTS)


@functools.cache
def _in_sequence(model: type[models.Model]) -> list[str]:
    asked = {"asked": _asked(model)}
    admitted = {**asked, "admitted": _ADMITTED["sqlite"]}
    clearing = _with(asked, then=_clearing(model))
    return [clearing, *(_with(admitted, then=writing) for writing in _writings(model))]


@functools.cache
def _readings(model: type[models.Model]) -> dict[str, str]:
    """What is asked, what stands in its way, and whose mailbox is crowded."""
    users = get_user_model().objects.holding_any(_EXCLUSIVE)
    live = model._default_manager.filter(LIVE, email_key__in=_EXCLUSIVE)
    mailed = Message.objects.to_mailboxes(_NOTIFIED)
    return {
        "asked": _asked(model),
        "taken": _sql(users.values("emailaddress__email")),
        "live": _sql(live.values("email_key")),
        "mailed": _sql(mailed.values("recipient_key")),
        "refused": _REFUSED,
        "crowded": _CROWDED,
    }


def _clearing(model: type[models.Model]) -> str:
    """The expired ones must not stand in the way of the unique index."""
    lapsed = model._default_manager.filter(LAPSED, exclusive=True, email_key__in=_EXCLUSIVE)
    return f"UPDATE {_name(model)} SET exclusive = FALSE WHERE id IN ({_sql(lapsed.values('id'))})"


def _writings(model: type[models.Model]) -> Iterator[str]:
    yield _insert(model, **{field.attname: field.attname for field in _fields(model)})
    yield _insert(
        Event,
        subject="id",
        kind="'created'",
        at="created_at",
        actor_type="inviter_type",
        actor_id="inviter_id",
        actor_name="inviter_name",
    )
    mail = {
        "id": "mail_id",
        "kind": "'invitation'",
        "invitation_id": "id",
        "message_id": "message_id",
    }
    whom = {"recipient": "email_address", "recipient_key": "email_key"}
    when = {"created_at": "created_at", "next_attempt_at": "created_at"}
    yield f"{_insert(Message, **mail, **whom, **when)} WHERE notify"
    ticket = {"hash": "ticket_hash", "invitation_id": "id", "channel": "channel"}
    yield f"{_insert(Ticket, **ticket, created_at='created_at')} WHERE ticket_hash IS NOT NULL"
    yield _COUNT


def _insert(model: type[models.Model], **given: str) -> str:
    """An INSERT of what is admitted; columns that are not given get the model's defaults."""
    values: dict[str, str] = {}
    for field in _fields(model):
        if field.attname in given:
            values[str(field.column)] = given[field.attname]
        elif not field.has_db_default():
            values[str(field.column)] = _literal(field.get_default())
    columns = ", ".join(map(connection.ops.quote_name, values))
    return (
        f"INSERT INTO {_name(model)} ({columns}) SELECT {', '.join(values.values())} FROM admitted"
    )


def _asked(model: type[models.Model]) -> str:
    """What is said, as a table; `repeated` is a row whose address an earlier one has."""
    columns = {field.attname: field.db_type(connection) for field in _fields(model)} | _EXTRAS
    if connection.vendor == "postgresql":
        types = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        table = f"JSON_TO_RECORDSET(%s) AS said({types})"
    else:
        values = ", ".join(f"JSON_EXTRACT(value, '$.{name}') AS {name}" for name in columns)
        table = f"(SELECT {values} FROM JSON_EACH(%s)) AS said"
    return f"SELECT *, ROW_NUMBER() OVER (PARTITION BY email_key ORDER BY place) > 1 AS repeated FROM {table}"


def _with(pieces: dict[str, str], *, then: str) -> str:
    return f"WITH {', '.join(f'{name} AS ({sql})' for name, sql in pieces.items())} {then}"


def _sql(queryset: models.QuerySet) -> str:
    """What the ORM makes of it; its few parameters are constants of our own and are written out."""
    sql, parameters = queryset.query.get_compiler(connection=connection).as_sql()
    return sql.replace("%s", "{}").format(*map(_literal, parameters))


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return f"'{text.replace("'", "''")}'"


def _fields(model: type[models.Model]) -> list[models.Field]:
    fields = model._meta.local_concrete_fields
    return [field for field in fields if not isinstance(field, models.AutoField)]


def _name(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
