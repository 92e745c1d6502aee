"""`python -m tests.faults.doomed send_mail [--once]` or `create ADDRESS...`: a process that may kill itself.

OLLIO_TEST_KILL=after_claim:3 sends SIGKILL at the third pass of a point. Points of `create`: in_transaction,
after_commit. Points of `send_mail`: after_claim (committed, nothing sent to the server), connected, in_data (half of
the message is sent), before_mark (the server accepted it), after_mark.
"""

import os
import signal
import smtplib
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from accounts.addresses import normalise_email  # noqa: E402 models need the line above
from accounts.models import User  # noqa: E402
from invitations.delivery import outcomes, sending, transport, worker  # noqa: E402
from invitations.models import Invitation, creating_sql  # noqa: E402


def main(command, *arguments):
    point, _colon, passes = os.environ.get("OLLIO_TEST_KILL", "").partition(":")
    if point:
        _arm(point, _Countdown(int(passes or "1")))
    if command == "create":
        _create(arguments)
    else:
        call_command(command, *arguments)


class _Countdown:
    def __init__(self, passes):
        self._left = passes

    def is_over(self):
        self._left -= 1
        return self._left == 0

    def __call__(self):
        if self.is_over():
            os.kill(os.getpid(), signal.SIGKILL)


def _arm(point, countdown):
    owners = {
        "in_transaction": (creating_sql, "write"),
        "after_commit": (Invitation.objects, "create_pending"),
        "after_claim": (worker, "claim"),
        "connected": (transport.SMTPBackend, "open"),
        "before_mark": (sending, "transmit"),
        "after_mark": (outcomes, "mark_sent"),
    }
    if point == "in_data":
        smtplib.SMTP.data = _half_of_it(smtplib.SMTP.data, countdown)
    else:
        owner, name = owners[point]
        setattr(owner, name, _and_then(getattr(owner, name), countdown))


def _and_then(function, countdown):
    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        if result:
            countdown()
        return result

    return wrapped


def _half_of_it(data, countdown):
    def wrapped(self, message):
        if countdown.is_over():
            self.putcmd("data")
            self.getreply()
            self.sock.sendall(message[: len(message) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return data(self, message)

    return wrapped


def _create(addresses):
    operator = User.objects.get(is_staff=True)
    for address in addresses:
        Invitation.objects.create_pending(address=normalise_email(address), by=operator)


if __name__ == "__main__":
    main(*sys.argv[1:])
