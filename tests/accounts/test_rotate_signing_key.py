"""`manage.py rotate_signing_key` while servers run and tokens are in use."""

import threading
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import tokens
from accounts.models import Application, SigningKey
from accounts.sessions import BrowserSession
from config.database import DatabaseNow
from invitations.models import Event
from tests.factories import UserFactory

JWKS = "/.well-known/jwks.json"


@pytest.fixture
def key(db):
    Application.objects.prepare()
    return SigningKey.objects.current()


@pytest.fixture
def mint(key):
    moment = datetime.now(UTC)
    session = BrowserSession("sess_1", UserFactory(), moment, moment + timedelta(days=14))
    return lambda: tokens.mint(session, origin="https://app.example.com")


@pytest.fixture
def verify(client):
    """Verify as an outside verifier does: with the keys in the public list now."""

    def verify(token):
        kid = jwt.get_unverified_header(token)["kid"]
        shown = jwt.PyJWKSet.from_dict(client.get(JWKS).json())
        return jwt.decode(token, shown[kid].key, ["RS256"])

    return verify


def rotate(capsys):
    call_command("rotate_signing_key")
    return capsys.readouterr().out


def test_tokens_are_signed_with_the_new_key_at_once(mint, key, verify, capsys):
    mint()
    said = rotate(capsys)
    token, new = mint(), SigningKey.objects.current()
    assert jwt.get_unverified_header(token)["kid"] == new.kid != key.kid
    assert verify(token)["sid"] == "sess_1"
    assert f"signed with {new.kid} now" in said
    assert f"{key.kid} signs no more" in said
    assert Event.objects.filter(kind="signing_key_made", subject=new.kid).exists()


def test_a_token_signed_before_is_believed_until_it_ends(mint, key, verify, capsys):
    before = mint()
    rotate(capsys)
    assert verify(before)["sid"] == "sess_1"


def test_the_old_key_leaves_the_list_once_its_last_token_is_long_dead(mint, key, client, capsys):
    rotate(capsys)
    assert tokens.LIFETIME < 23 * 3600
    retired = SigningKey.objects.filter(pk=key.pk)
    retired.update(retired_at=DatabaseNow() - timedelta(hours=23))
    assert [each["kid"] for each in client.get(JWKS).json()["keys"]][1:] == [key.kid]
    retired.update(retired_at=DatabaseNow() - timedelta(hours=25))
    assert key.kid not in client.get(JWKS).content.decode()


def test_nothing_is_left_to_sign_with_of_the_old_key(key, capsys):
    rotate(capsys)
    key.refresh_from_db()
    assert key.sealed_private_key == ""


def test_a_rotation_between_reading_and_signing_harms_no_token(mint, key, verify, monkeypatch):
    """Another process rotates the key just after the row was read."""
    manager = type(SigningKey.objects)
    read = manager.current
    tokens._private_key.cache_clear()

    def read_then_rotate(self):
        monkeypatch.undo()
        row = read(self)
        SigningKey.objects.rotate()
        return row

    monkeypatch.setattr(manager, "current", read_then_rotate)
    token = mint()
    assert jwt.get_unverified_header(token)["kid"] == key.kid
    assert verify(token)["sid"] == "sess_1"


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_leave_one_key_that_signs():
    Application.objects.prepare()
    start = threading.Barrier(2)

    def rotate():
        start.wait()
        SigningKey.objects.rotate()
        connection.close()

    both = [threading.Thread(target=rotate) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert SigningKey.objects.filter(retired_at=None).count() == 1


def test_a_key_in_a_file_is_replaced_by_whoever_looks_after_it(settings, key):
    settings.SIGNING_KEY_FILE = "/somewhere/key.pem"
    with pytest.raises(CommandError, match=r"SIGNING_KEY_FILE names\. Put another key there"):
        call_command("rotate_signing_key")
    assert SigningKey.objects.get() == key


def test_without_a_key_there_is_nothing_to_rotate(db):
    with pytest.raises(CommandError, match=r"run manage\.py prepare"):
        call_command("rotate_signing_key")
    assert not SigningKey.objects.exists()


def test_tokens_never_begin_before_their_session(key, verify):
    """The database's clock may be ahead of ours."""
    moment = datetime.now(UTC) + timedelta(seconds=3)
    session = BrowserSession("sess_1", UserFactory(), moment, moment + timedelta(days=14))
    token = tokens.mint(session, origin="")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["iat"] == claims["nbf"] + 10 == int(moment.timestamp())
    assert claims["exp"] - claims["iat"] == tokens.LIFETIME
