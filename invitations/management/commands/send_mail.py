"""The mail worker: `manage.py send_mail`."""

import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from invitations.delivery import worker


class Command(BaseCommand):
    help = "Send the mail that waits in the outbox, until stopped. Any number of these may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, then exit")

    def handle(self, *_args: Any, **options: Any) -> None:
        with _stopped_by_signals() as stop:
            if options["once"]:
                worker.drain(stop)
            else:
                worker.work(stop)


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set, so that a message is not interrupted during sending."""
    stop = Event()
    former = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
