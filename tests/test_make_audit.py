"""`make audit` does not pass when it could not ask the advisory service."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLEAN = "No known vulnerabilities found"
FOUND = "Found 1 known vulnerability in 1 package\ndjango 6.1.3 PYSEC-2026-1 6.1.4"
UNKNOWN = "ERROR:pip_audit._cli:django: Dependency not found on PyPI and could not be audited"
NO_NETWORK = "Traceback (most recent call last):\nrequests.exceptions.ConnectionError: no route"
SILENT = "Nothing was audited"


@pytest.fixture
def audit(tmp_path):
    """Run it with a stand-in for the tool, with this output and exit code."""

    def audit(said, status):
        tool = tmp_path / "pip-audit"
        tool.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\nexit {status}\n")
        tool.chmod(0o700)
        make = [
            "make",
            "--no-print-directory",
            "-o",
            ".venv/ready-to-test",
            "audit",
            f"BIN={tmp_path}",
        ]
        return subprocess.run(make, cwd=ROOT, capture_output=True, text=True, timeout=60)

    return audit


def test_it_passes_where_nothing_is_known(audit):
    ran = audit(CLEAN, 0)
    assert (ran.returncode, ran.stdout.strip()) == (0, CLEAN)


def test_it_tells_what_is_vulnerable_and_fails(audit):
    ran = audit(FOUND, 1)
    assert ran.returncode
    assert FOUND in ran.stdout
    assert SILENT not in ran.stderr


@pytest.mark.parametrize(("said", "status"), [(UNKNOWN, 1), (NO_NETWORK, 1), ("", 0)])
def test_it_says_so_where_nobody_answers(audit, said, status):
    ran = audit(said, status)
    assert ran.returncode
    assert SILENT in ran.stderr
    assert "Traceback" not in ran.stdout
