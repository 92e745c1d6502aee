"""`python -m tests.faults.doomed_sign_up TICKET`: sign-ups that are killed between UPDATE and COMMIT.

Each input line is a number of statements after the UPDATE. A child process signs up with the ticket and dies after that
many. The output line is its exit code: -9, or 0 if its sign-up was committed.
"""

import os
import signal
import sys

import django
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

_application = ClientHandler(enforce_csrf_checks=False)  # built before the processes fork


class Doom:
    """Wraps every statement of a connection and strikes once: that many statements after the UPDATE that accepts.

    It does not strike after the end of the transaction.
    """

    def __init__(self, *, patience, strike):
        self._patience = patience
        self._strike = strike
        self._is_armed = False

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        changes = sql.partition(" WHERE ")[0]
        if changes.startswith('UPDATE "invitations_invitation"') and '"accepted_at" =' in changes:
            self._is_armed = True
            transaction.on_commit(self._spare)
        if self._is_armed:
            self._count()
        return result

    def _count(self):
        if self._patience == 0:
            self._spare()
            self._strike()
        self._patience -= 1

    def _spare(self):
        self._is_armed = False


def sign_up(raw_ticket, *, doom):
    """Follow the link and post the form; return True if the visitor is signed up."""
    visitor = _follow(raw_ticket)
    with connection.execute_wrapper(doom):
        form = "application/x-www-form-urlencoded"
        answer = visitor.post("/sign-up", "password=seven+wet+penguins", content_type=form)
    return answer.get("Location") == "/account/welcome"


def _follow(raw_ticket):
    visitor = Client(raise_request_exception=False, SERVER_NAME="localhost")
    visitor.handler = _application
    visitor.get(f"/v1/tickets/accept?ticket={raw_ticket}", follow=True)
    return visitor


def main(raw_ticket):
    _follow(raw_ticket)
    _disconnect()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            doom = Doom(patience=int(line), strike=lambda: os.kill(os.getpid(), signal.SIGKILL))
            os._exit(not sign_up(raw_ticket, doom=doom))
        _child, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _disconnect():
    """Close connections, so that no child shares one with its parent."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


if __name__ == "__main__":
    main(*sys.argv[1:])
