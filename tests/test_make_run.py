"""`make run` and a port that somebody listens on already."""

import os
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_make_run_on_a_used_port_says_so_and_ends(tmp_path):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        made = ["-o", ".venv/ready-to-run", "-o", ".env"]
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/ollio.sqlite3"}
        run = subprocess.run(
            ["make", "run", f"PORT={port}", *made],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode != 0
    assert f"Port {port} is in use" in run.stderr
    assert "make run PORT=" in run.stderr
    assert list(tmp_path.iterdir()) == []  # nothing was prepared
