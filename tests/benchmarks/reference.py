"""What PostgreSQL can do without Ollio: `python -m tests.benchmarks.reference` reads a job from standard input and
writes figures to standard output.

It runs either the exact statements of `create_all` with psycopg, or COPY into the same tables.
"""

import json
import os
import sys
import threading
import time

import django
import psycopg

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from accounts.addresses import normalise_email  # noqa: E402 models need the line above
from accounts.models import SecretKey  # noqa: E402
from config.ids import new_id  # noqa: E402
from invitations.models import Asked, Event, Invitation, Message, Ticket, creating_sql  # noqa: E402
from invitations.models.creating import _row  # noqa: E402
from invitations.models.guard import _LOCK  # noqa: E402


def prepared(count, *, rows):
    """Return the addresses and documents of `count` calls, so that the timed part only talks to the database."""
    manager, by = Invitation.objects, SecretKey.objects.first()
    moment = Invitation.objects.latest("created_at").created_at
    for _call in range(count):
        addresses = [normalise_email(f"{new_id('u')}@reference.example") for _ in range(rows)]
        made = manager._drafts([Asked(each) for each in addresses], by=by, moment=moment)
        told = [_row(place, each, channel="api") for place, each in enumerate(made)]
        yield sorted(each.email_key for each in addresses), told


def create(connection, call):
    keys, document = call
    with connection.transaction():
        connection.execute(_LOCK, [keys]).fetchone()
        connection.execute(creating_sql._one_statement(Invitation), [document]).fetchall()


def copy(connection, call):
    """Copy the same rows into the same tables, guards and counter included."""
    with connection.transaction():
        for table, columns, rows in call:
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                stream.write(rows)


def as_copy(keys, told):
    """Return the rows of each table in COPY format, so that the timed part only talks to the database."""
    yield "invitations_addressguard", "email_key", "".join(f"{key}\n" for key in keys)
    for model in (Invitation, Event, Message, Ticket):
        fields = creating_sql._fields(model)
        given = [_values(model, row) for row in told]
        columns = [
            field for field in fields if field.attname in given[0] or not field.has_db_default()
        ]
        lines = [
            "\t".join(_text(values.get(field.attname, field.get_default)) for field in columns)
            for values in given
        ]
        names = ", ".join(field.column for field in columns)
        yield model._meta.db_table, names, "".join(f"{line}\n" for line in lines)
    yield "counter_delta", "name, delta", f"invitations\t{len(told)}\n"


def _values(model, row):
    mail = {"id": row["mail_id"], "kind": "invitation", "recipient": row["email_address"]}
    return {
        Invitation: row,
        Event: {"subject": row["id"], "kind": "created", "at": row["created_at"]},
        Message: {**mail, "invitation_id": row["id"], "recipient_key": row["email_key"]}
        | {"message_id": row["message_id"], "created_at": row["created_at"]},
        Ticket: {"hash": row["ticket_hash"], "invitation_id": row["id"], "channel": "api"},
    }[model]


def _text(value):
    value = value() if callable(value) else value
    if value is None:
        return "\\N"
    return json.dumps(value) if isinstance(value, dict) else str(value)


def run(job):
    """Return calls a second, with as many connections as the load generator uses."""
    each = job["calls"] // job["concurrency"]
    what = copy if job["copy"] else create
    shares = [
        [
            list(as_copy(keys, told)) if job["copy"] else (keys, creating_sql._json(told))
            for keys, told in prepared(each, rows=job["rows"])
        ]
        for _number in range(job["concurrency"])
    ]
    barrier = threading.Barrier(job["concurrency"] + 1)

    def work(share):
        with psycopg.connect(job["url"], autocommit=True, prepare_threshold=1) as connection:
            for call in share[:2]:
                what(connection, call)
            barrier.wait()
            for call in share[2:]:
                what(connection, call)

    threads = [threading.Thread(target=work, args=[share]) for share in shares]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(len(share) - 2 for share in shares) * job["rows"] / (time.perf_counter() - started)


if __name__ == "__main__":
    json.dump({"rate": run(json.load(sys.stdin))}, sys.stdout)
