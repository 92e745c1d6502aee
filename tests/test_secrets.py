"""Places where secrets must not be: tables, logs, the places of other secrets; and no start without a key."""

import base64
import json
import logging
import os
import re
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import connection
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from accounts.models import Application, SignUp, User
from accounts.tokens import mint_handshake
from config.crypto import unseal
from config.logging import mask
from invitations.models import Message, Ticket
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"\b\d{6}\b")


def dump(leaving_out=()):
    """Return every row of every table as text."""
    models = [model for model in apps.get_models() if model not in leaving_out]
    return "\n".join(str(row) for model in models for row in model._base_manager.values())


def spellings(secret):
    return {
        secret,
        quote(secret, safe=""),
        base64.b64encode(secret.encode()).decode(),
        secret.removeprefix("olt_"),
    }


def everything_a_full_flow_issues(api):
    """Invite, sign up with the link, start another sign-up; return all secrets of it."""
    created = api.post(
        "/v1/invitations", {"email_address": "ada@example.com"}, "application/json"
    ).json()
    ticket = created["url"].partition("ticket=")[2]
    invited = Client()
    invited.get("/v1/tickets/accept", {"ticket": ticket}, follow=True)
    invited.post("/sign-up", {"password": PASSWORD})
    Client().post("/sign-up", {"email_address": "eve@example.com", "password": PASSWORD})
    code = CODE.search(
        json.loads(unseal(Message.objects.exclude(sealed_body="").get().sealed_body))["body"]
    )
    key = api.defaults["HTTP_AUTHORIZATION"].partition(" ")[2]
    return {"ticket": ticket, "key": key, "password": PASSWORD, "code": code[0]}


@pytest.mark.django_db
def test_no_table_holds_a_secret_after_a_full_flow(api):
    secrets = everything_a_full_flow_issues(api)
    code = secrets.pop("code")
    text = dump()
    assert [
        name for name, secret in secrets.items() for form in spellings(secret) if form in text
    ] == []
    assert code not in str(SignUp.objects.values("code_hash", "tries").get())


@pytest.mark.django_db
def test_no_table_holds_a_secret_of_a_second_factor(member):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(member.user, secret)
    codes = RecoveryCodes.activate(member.user)
    seed = unseal(codes.instance.data["seed"])
    text = dump()
    assert [each for each in (secret, seed, *codes.get_unused_codes()) if each in text] == []


@pytest.fixture
def log(caplog):
    """What the real formatter writes from level DEBUG, SQL with its parameters included."""
    written = StringIO()
    root, handler = logging.getLogger(), logging.StreamHandler(written)
    handler.setFormatter(next(h.formatter for h in root.handlers if is_ours(h)))
    for name in (None, "django"):
        caplog.set_level(logging.DEBUG, logger=name)
    root.addHandler(handler)
    connection.force_debug_cursor = True
    yield written
    connection.force_debug_cursor = False
    root.removeHandler(handler)


def is_ours(handler):
    return isinstance(handler.formatter, ProcessorFormatter)


def crash(monkeypatch, secret):
    """Raise a KeyError that contains the secret, on the page of a link."""
    monkeypatch.setattr(Ticket.objects, "find", lambda raw: {}[raw])
    browser = Client(raise_request_exception=False)
    assert browser.get("/v1/tickets/accept", {"ticket": secret}).status_code == 500


@pytest.mark.django_db
def test_no_log_line_holds_a_secret_after_a_full_flow_and_a_crash(api, log, monkeypatch):
    secrets = everything_a_full_flow_issues(api)
    crash(monkeypatch, secrets["ticket"])
    logging.getLogger("accounts").error("key %s", secrets["key"])
    lines = log.getvalue()
    for proof in ("olt_***", "key sk_live_***", "KeyError", "django.db.backends", "INSERT INTO"):
        assert proof in lines
    code = secrets.pop("code")
    assert not standing_alone(code).search(lines)
    assert [name for name, secret in secrets.items() if secret in lines] == []


def standing_alone(code):
    """Match the code as a separate word. Its six digits can be in hashes, ids and times by chance."""
    return re.compile(rf"(?<![\w.]){code}(?!\w)")


@pytest.mark.django_db
def test_no_log_line_holds_a_code_that_was_typed(log, member, stranger):
    stranger.post("/sign-up", {"email_address": "eve@example.com", "password": PASSWORD})
    stranger.post("/sign-up/code", {"code": CODE.search(mails()[-1].body)[0]})
    forgetful = Client()
    forgetful.post("/password/reset", {"email": member.user.email_address})
    forgetful.post("/password/reset/code", {"code": code_of(mails()[-1])})
    assert User.objects.filter(email_address="eve@example.com").exists()
    codes = [CODE.search(mails()[0].body)[0], code_of(mails()[-1])]
    assert [code for code in codes if standing_alone(code).search(log.getvalue())] == []


def test_a_code_in_a_log_line_would_be_found():
    for line in ("code 731942", "code=731942&x", "['731942']", '{"code": "731942"}'):
        assert standing_alone("731942").search(line)


def test_masks_keep_the_prefix_and_nothing_else():
    assert mask("GET /x?ticket=olt_abc-DEF_1 sk_live_zzz") == "GET /x?ticket=olt_*** sk_live_***"


def test_masks_know_an_encoded_underscore():
    written = "next=%2Fx%3Fticket%3Dolt%5Fabc-1 olt%5fabc olt%255Fabc sk%5Flive%5Fzzz sk_test%5Fz"
    assert mask(written) == (
        "next=%2Fx%3Fticket%3Dolt%5F*** olt%5f*** olt%255F*** sk%5Flive%5F*** sk_test%5F***"
    )


@pytest.mark.django_db
def test_masks_know_what_we_sign():
    Application.objects.prepare()
    token = mint_handshake(["__session=x"])
    for before in ("/app?a=1&__clerk_handshake=", "GET /?__session=", "https%3A%2F%2Fa%3Ft%253D"):
        assert mask(f"{before}{token}&b=2") == f"{before}eyJ***&b=2"
    assert mask(f"Bearer {token}.") == "Bearer eyJ***."
    assert mask(f"cut {token.rpartition('.')[0]}") == "cut eyJ***"


def test_masks_are_not_held_up_by_what_is_nearly_a_secret():
    started = time.monotonic()
    for text in ("eyJ", "eyJa.", "eyJ.", "%3DeyJ", "olt"):
        mask(text * 200_000)
    assert (
        time.monotonic() - started < 20
    )  # half a second; some minutes if the pattern had no bound


@pytest.mark.parametrize("key", [None, "changeme", "0123456789", "a" * 60])
def test_ollio_does_not_start_with_a_poor_secret_key(key):
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    environment |= {"DEBUG": "false", "BASE_URL": "https://ollio.example", "SECRET_KEY": key or ""}
    command = [sys.executable, "-c", "import config.settings"]
    start = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert start.returncode != 0
    assert "SECRET_KEY must be" in start.stderr


def test_ollio_does_not_start_without_its_public_address():
    environment = {**os.environ, "DEBUG": "false", "BASE_URL": ""}
    command = [sys.executable, "-c", "import config.settings"]
    start = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert start.returncode != 0
    assert "BASE_URL must be" in start.stderr
