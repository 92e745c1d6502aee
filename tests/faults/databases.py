"""A database for each test, copied from one that was migrated once."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections

ROOT = Path(__file__).parents[2]
THREADS = 40  # as many connections as the largest gate needs
_numbers = count(1)


@contextmanager
def make_template(folder):
    """Create a migrated database that stays empty; return its URL."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{folder}/template.sqlite3"
        _migrate(url)
        yield url
    else:
        with _postgres_database(f"ollio_template_{os.getpid()}_{next(_numbers)}") as url:
            _migrate(url)
            yield url


@contextmanager
def own_database(folder):
    """Make a migrated database the one of this process, for many tests; return its URL."""
    with make_template(folder) as url, _as_default(_name(url)):
        yield url


@contextmanager
def borrowed_database(template, *, folder):
    """Make a copy of the template the database of this process; return its URL."""
    if connection.vendor == "sqlite":
        shutil.copy(template.removeprefix("sqlite:///"), folder / "world.sqlite3")
        with _as_default(str(folder / "world.sqlite3")):
            yield f"sqlite:///{folder}/world.sqlite3"
    else:
        name = f"ollio_world_{os.getpid()}_{next(_numbers)}"
        with _postgres_database(name, template=_name(template)) as url, _as_default(name):
            yield url


def _migrate(url):
    environment = {**os.environ, "DATABASE_URL": url}
    for name in ("migrate", "prepare"):
        command = [sys.executable, "manage.py", name, "--verbosity", "0"]
        subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


@contextmanager
def _as_default(name):
    settings = connections.settings["default"]
    former = settings["NAME"]
    _disconnect()
    settings["NAME"] = name
    if pool := settings["OPTIONS"].get("pool"):
        pool["max_size"] = THREADS
    try:
        yield
    finally:
        _disconnect()
        settings["NAME"] = former


def _disconnect():
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


@contextmanager
def _postgres_database(name, *, template="template1"):
    with psycopg.connect(_url("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield _url(name)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(name):
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _name(url):
    return urlsplit(url).path.removeprefix("/")
