"""`make run`: when the port is already in use, and when its terminal is closed."""

import fcntl
import os
import pty
import signal
import socket
import subprocess
import termios
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.faults.servers import answers, free_port, until

ROOT = Path(__file__).resolve().parent.parent
MADE = ["-o", ".venv/ready-to-run", "-o", ".env"]


def refused(port, *, database):
    """What `make run` says when it ends by itself."""
    run = subprocess.run(
        ["make", "run", f"PORT={port}", *MADE],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    return run.stderr


def test_make_run_on_a_used_port_says_so_and_ends(tmp_path):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(port, database=f"sqlite:///{tmp_path}/ollio.sqlite3")
    assert f"Port {port} is in use" in said
    assert "make run PORT=" in said
    assert list(tmp_path.iterdir()) == []  # it stopped before the preparation


def test_make_run_without_its_database_ends_with_a_sentence(tmp_path):
    said = refused(0, database=f"sqlite:///{tmp_path}/none/ollio.sqlite3")
    assert said.startswith(
        "DATABASE_URL names a file in a folder that is not there: make it, or mend the path."
    )
    assert "Traceback" not in said


def processes(database):
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("DATABASE_URL") == database:
                found.append(process)
    return found


@contextmanager
def made_to_run(output, *, tmp_path, shell=(), **more):
    """By make, which answers by now; when it has ended, nothing of it may be left."""
    port = free_port()
    # Every process of this run has this path in its environment.
    database = f"sqlite:///{tmp_path}/ollio.sqlite3"
    run = subprocess.Popen(
        [*shell, "make", "run", f"PORT={port}", *MADE],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database},
        stdout=output,
        stderr=output,
        start_new_session=True,
        **more,
    )
    os.close(output)
    try:
        until(lambda: answers(port, "/livez"), seconds=60)
        yield
        until(lambda: run.poll() is not None and not processes(database), seconds=60)
        assert not answers(port, "/livez")
    finally:
        for process in processes(database):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        run.wait(20)


def sit_at_the_terminal():
    """In the new process, whose input it is."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # it is ignored where the tests run under nohup
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def in_shell(line):
    return ["sh", "-c", f"{line}; exit", "sh"]


@pytest.mark.parametrize(
    "shell",
    [[], in_shell('"$@"'), in_shell('"$@" >/dev/null')],
    ids=["alone", "in a shell", "whose output goes to a file"],
)
def test_closing_the_terminal_ends_make_run(shell, tmp_path):
    terminal, end = pty.openpty()
    more = {"stdin": end, "preexec_fn": sit_at_the_terminal}
    with made_to_run(end, tmp_path=tmp_path, shell=shell, **more):
        os.close(terminal)


def test_make_run_ends_when_nobody_reads_its_output_any_more(tmp_path):
    reader, output = os.pipe()
    with made_to_run(output, tmp_path=tmp_path):
        os.close(reader)
