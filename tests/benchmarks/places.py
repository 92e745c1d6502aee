"""The servers that are measured: a PostgreSQL server of our own, filled databases, and Ollio as the Procfile
starts it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

from tests.benchmarks.seeds import fill
from tests.plugins import postgres

ROOT = Path(__file__).parents[2]
DEBIAN = Path("/usr/lib/postgresql/15/bin")
HOST = "ollio.example.com"


@contextmanager
def postgres_server():
    """Start Debian's PostgreSQL 15 if it is installed, else the one from pip; return its URL."""
    with tempfile.TemporaryDirectory(prefix="ollio-bench-") as name:
        folder = Path(name)
        server = (
            postgres.installed(folder, binaries=DEBIAN)
            if DEBIAN.exists()
            else postgres.bundled(folder)
        )
        with server as url:
            yield url


def database(server, name, *, rows):
    """Create a migrated database with that many invitations and users; return its URL."""
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(
        urlsplit(server)._replace(path="/postgres").geturl(), autocommit=True
    ) as own:
        own.execute(f"CREATE DATABASE {name}")
    prepare(url)
    with psycopg.connect(url, autocommit=True) as connection:
        fill(connection, rows=rows)
    return url


def environment(url):
    return {
        **os.environ,
        "DEBUG": "false",
        "SECRET_KEY": "bench-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "BASE_URL": f"https://{HOST}",
        "DATABASE_URL": url,
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "TRUSTED_PROXY_COUNT": "1",  # so each visitor can have its own address
        "LIMITS": json.dumps(
            dict.fromkeys(("requests", "create", "bulk", "frontend_sign_up"), 10**9)
        ),
        "BULK_SIZE": "1000",
        "ALLOW_TEST_MODE": "true",  # so that sign-ups can use the fixed code
    }


def manage(url, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, check=True, cwd=ROOT, env=environment(url), stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


def prepare(url):
    manage(url, "migrate", "--verbosity", "0")
    manage(url, "prepare")


class Server:
    """Ollio on its own port, with a secret key; its log is discarded."""

    def __init__(self, url, **environment_too):
        self.url, self.key = url, manage(url, "create_secret_key", "bench")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        command = (ROOT / "Procfile").read_text().split("web: exec ")[1].splitlines()[0]
        self._process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=ROOT,
            env={**environment(url), **_production(), "PORT": str(self.port), **environment_too},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await()

    def _await(self, *, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def memory(self):
        """Return the RSS of the largest worker, in MiB."""
        return max(worker.memory_info().rss for worker in self._workers()) / 2**20

    def cpu(self):
        """Return the CPU time of all workers so far, in seconds."""
        times = [worker.cpu_times() for worker in self._workers()]
        return sum(each.user + each.system for each in times)

    def _workers(self):
        return psutil.Process(self._process.pid).children(recursive=True)

    def end(self):
        self._process.terminate()
        self._process.wait(30)


def _production():
    """Hide development packages, which weigh 5 MiB a worker, and compile the code: as in production."""
    locked = (ROOT / "requirements.txt").read_text()
    needed = {canonical(line.split("==")[0]) for line in locked.splitlines() if "==" in line}
    modules = metadata.packages_distributions().items()
    hidden = [name for name, owners in modules if needed.isdisjoint(map(canonical, owners))]
    return {
        "OLLIO_HIDDEN": " ".join(hidden),
        "PYTHONPATH": str(Path(__file__).parent / "production"),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "ollio-bench-bytecode"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def canonical(name):
    return name.strip().lower().replace("_", "-").replace(".", "-")


def version(server):
    with psycopg.connect(urlsplit(server)._replace(path="/postgres").geturl()) as connection:
        return f"PostgreSQL {connection.info.server_version // 10000}"


@contextmanager
def servers(*urls, **environment_too):
    with ExitStack() as running:
        running.enter_context(_static_files(urls[0]))
        started = [Server(url, **environment_too) for url in urls]
        for server in started:
            running.callback(server.end)
        yield started


@contextmanager
def _static_files(url):
    """Collect static files, which every page needs. Remove them afterwards, since they would slow down every test."""
    folder = ROOT / "staticfiles"
    were_there = folder.exists()
    manage(url, "collectstatic", "--no-input", "--verbosity", "0")
    yield
    if not were_there:
        shutil.rmtree(folder)
