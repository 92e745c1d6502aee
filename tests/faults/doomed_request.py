"""`python -m tests.faults.doomed_request KEY`: creates with an Idempotency-Key that are killed during the request.

Each input line is `PATIENCE ADDRESS`. A child process invites the address, which is also its Idempotency-Key. It is
SIGKILLed after that many statements of the transaction, or between COMMIT and response if there are fewer. The output
line is its exit code.
"""

import os
import signal
import sys

import django
from django.db import connection, transaction
from django.test import Client

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()


def invite(raw_key, address):
    """Send the request of this test, as a program does."""
    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    headers = {"Authorization": f"Bearer {raw_key}", "Idempotency-Key": address}
    body = {"email_address": address}
    return client.post("/v1/invitations", body, content_type="application/json", headers=headers)


class Doom:
    def __init__(self, *, patience):
        self._patience = patience
        self._is_armed = True

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if connection.in_atomic_block:
            self._count()
        return result

    def _count(self):
        if self._is_armed:
            transaction.on_commit(_die)
            self._is_armed = False
        if self._patience == 0:
            _die()
        self._patience -= 1


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def main(raw_key):
    Client(SERVER_NAME="localhost").get("/v1/nothing")  # built once, before the processes fork
    for line in sys.stdin:
        patience, address = line.split()
        child = os.fork()
        if not child:
            with connection.execute_wrapper(Doom(patience=int(patience))):
                invite(raw_key, address)
            os._exit(0)
        _child, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
