"""A database, and processes that work with it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

from django.db.models import F

from invitations.models import MailChannel, Message
from tests.faults.databases import ROOT

LIMITS = '{"sending": 100000}'
_LONG = timedelta(hours=2)  # longer than any lease, back-off or pause


class World:
    def __init__(self, url, *, email_url, folder):
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "EMAIL_URL": email_url,
            "LIMITS": LIMITS,
            "LOG_LEVEL": "INFO",
        }
        self._log = folder / "world.log"
        self._log.touch()
        self._processes = []

    @property
    def logs(self):
        return self._log.read_text()

    def run_worker(self, *, kill="", timeout=120, **environment):
        """Send what is due in a process; return it when it has ended. After a kill its returncode is -9."""
        process = self.start("send_mail", "--once", kill=kill, **environment)
        process.wait(timeout)
        return process

    def start_worker(self, *, kill="", **environment):
        return self.start("send_mail", kill=kill, **environment)

    def create(self, *addresses, kill=""):
        """Invite the addresses in a separate process, which ends afterwards."""
        process = self.start("create", *addresses, kill=kill)
        process.wait(60)
        return process

    def start(self, *arguments, kill="", **environment):
        command = [sys.executable, "-m", "tests.faults.doomed", *arguments]
        return self.spawn(command, OLLIO_TEST_KILL=kill, **environment)

    def spawn(self, command, **environment):
        """Start any process with this database; it writes to `logs`."""
        with self._log.open("a") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return process

    def let_time_pass(self, duration=_LONG):
        """Move the times of leases, retries, holds and pauses into the past."""
        for column in ("lease_until", "next_attempt_at", "hold_until"):
            Message.objects.update(**{column: F(column) - duration})
        MailChannel.objects.update(paused_until=F("paused_until") - duration)

    def end(self):
        """End all processes."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
