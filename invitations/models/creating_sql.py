# ruff: noqa: S608 table and column names come from the models; all other input is one parameter
"""The SQL that checks and writes new invitations, for a single one and for a bulk.

PostgreSQL runs one statement. SQLite has no CTEs that write, so it runs the same parts one after the other.

`asked` is the input from Python: a JSON array with one object per invitation. Each object has every column of the
invitation and the keys in `_EXTRAS`. The other CTEs refer to its columns by name.
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

# Input besides the columns of the invitation: its index in the call, and the data of its mail and its ticket.
_EXTRAS = {
    "place": "integer",
    "mail_id": "text",
    "message_id": "text",
    "ticket_hash": "text",
    "channel": "text",
}

_EXCLUSIVE = RawSQL("SELECT email_key FROM asked WHERE exclusive", [])
_NOTIFIED = RawSQL("SELECT email_key FROM asked WHERE notify", [])

# CTEs `refused` and `crowded`. `_readings` builds the CTEs that they use (`taken`, `live`, `mailed`) from the
# models' queries.
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

# All parts of one statement see the database as it was before the statement, and their order is not fixed. So
# `admitted` depends on `refused` and `cleared`: PostgreSQL must check first, then clear, then write.
_ADMITTED = {
    "postgresql": """
        SELECT * FROM asked
        WHERE NOT EXISTS (SELECT 1 FROM refused) AND (SELECT COUNT(*) FROM cleared) >= 0
    """,
    "sqlite": "SELECT * FROM asked",
}
_COUNT = counters.ADD.format(rows="SELECT 'invitations', COUNT(*) FROM admitted")


class Verdicts(NamedTuple):
    refused: dict[int, str]  # index: reason
    crowded: list[int]  # indexes whose mailbox has other mails


def judge(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> Verdicts:
    return _ask(_judgement(model), rows)


def write(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> Verdicts:
    """Write all rows if none is refused. The caller must hold the guards of all addresses."""
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
    @functools.cache  # most rows have the same times
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
    """Return the CTEs that only read: the input, what prevents a row, and mailboxes that may reach a limit."""
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
    """Return SQL that makes expired invitations non-exclusive: else the unique index would reject the new rows."""
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
    """Return an INSERT of the admitted rows. Columns that are not in `given` get the model's defaults."""
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
    """Return SQL that reads the input as a table. `repeated`: an earlier row has the same address."""
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
    """Return the SQL of a queryset, with parameters as literals. All parameters must be our own constants."""
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
