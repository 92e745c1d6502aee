"""The keys that verify session tokens: created at set-up, published, and stored encrypted."""

import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from accounts.models import Application, SigningKey
from config.database import DatabaseNow
from invitations.models import Event

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


def pem(key, *, passphrase=None):
    sealed = serialization.BestAvailableEncryption(passphrase) if passphrase else None
    return key.private_bytes(PEM, PKCS8, sealed or serialization.NoEncryption())


@pytest.fixture(scope="module")
def rsa_pem():
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@pytest.fixture
def key(db):
    Application.objects.prepare()
    return SigningKey.objects.current()


@pytest.fixture
def key_file(settings, tmp_path):
    settings.SIGNING_KEY_FILE = str(tmp_path / "signing.pem")
    return tmp_path / "signing.pem"


def kids():
    return [each.kid for each in SigningKey.objects.listed()]


def test_preparing_makes_one_key_named_after_the_instance(db, capsys):
    call_command("prepare")
    call_command("prepare")
    application = Application.objects.current()
    assert SigningKey.objects.get().kid == application.instance_id
    assert Event.objects.get(kind="signing_key_made").subject == application.instance_id


def test_setting_up_makes_it_where_nobody_prepared(client, db):
    code = Application.objects.new_set_up_code()
    said = {"name": "Acme", "email_address": "grace@example.com", "password": "seven wet penguins"}
    client.post("/setup", {"code": code, **said})
    assert SigningKey.objects.current()


def test_both_doors_show_the_public_half_alone(api, nobody, key):
    answer = api.get("/v1/jwks")
    (shown,) = answer.json()["keys"]
    assert shown == {**key.public_jwk, "kid": key.kid}
    assert sorted(shown) == ["alg", "e", "kid", "kty", "n", "use"]
    assert (shown["kty"], shown["use"], shown["alg"], shown["e"]) == ("RSA", "sig", "RS256", "AQAB")
    assert nobody.get("/.well-known/jwks.json").json() == answer.json()


def test_a_token_signed_with_the_key_is_verified_with_what_is_shown(nobody, key):
    token = jwt.encode({"sub": "user_1"}, key.private_key(), "RS256", headers={"kid": key.kid})
    shown = jwt.PyJWKSet.from_dict(nobody.get("/.well-known/jwks.json").json())[key.kid]
    assert jwt.decode(token, shown.key, ["RS256"]) == {"sub": "user_1"}


def test_the_public_list_may_be_kept_and_needs_no_key(nobody, key):
    answer = nobody.get("/.well-known/jwks.json")
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies
    assert "Vary" not in answer
    assert nobody.head("/.well-known/jwks.json").status_code == 200
    assert nobody.get("/v1/jwks").status_code == 401
    assert nobody.post("/.well-known/jwks.json").status_code == 405


def test_looking_makes_no_key(api, nobody):
    assert api.get("/v1/jwks").json() == nobody.get("/.well-known/jwks.json").json() == {"keys": []}
    assert not SigningKey.objects.exists()


def test_the_private_half_is_sealed(key):
    assert "PRIVATE" not in json.dumps([key.sealed_private_key, key.public_jwk])
    assert key.private_key().key_size == 2048


def test_a_key_that_cannot_be_read_any_more_is_replaced(key, settings):
    settings.SECRET_KEY = "another " * 9
    Application.objects.prepare()
    assert SigningKey.objects.current().private_key()
    assert kids() == [SigningKey.objects.current().kid, key.kid]
    assert SigningKey.objects.current().kid.startswith("ins_")


def test_a_key_of_the_former_secret_key_stays(key, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 9, [settings.SECRET_KEY]
    Application.objects.prepare()
    assert kids() == [key.kid]


def test_a_retired_key_is_shown_while_a_token_of_it_may_live(nobody, key):
    SigningKey.objects.update(retired_at=DatabaseNow() - timedelta(hours=1))
    assert kids() == [key.kid]
    SigningKey.objects.update(retired_at=DatabaseNow() - timedelta(hours=25))
    assert nobody.get("/.well-known/jwks.json").json() == {"keys": []}


def test_a_key_may_lie_in_a_file(db, key_file, rsa_pem):
    key_file.write_bytes(rsa_pem)
    Application.objects.prepare()
    Application.objects.prepare()
    stored = SigningKey.objects.get()
    assert stored.sealed_private_key == ""
    assert pem(stored.private_key()) == rsa_pem


def test_the_file_replaces_the_key_made_before(key, key_file, rsa_pem):
    key_file.write_bytes(rsa_pem)
    Application.objects.prepare()
    key.refresh_from_db()
    assert key.retired_at
    assert key.sealed_private_key == ""
    assert kids() == [SigningKey.objects.current().kid, key.kid]


def test_a_file_changed_behind_the_key_signs_nothing(key_file, rsa_pem, db):
    key_file.write_bytes(rsa_pem)
    Application.objects.prepare()
    key_file.write_bytes(pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)))
    with pytest.raises(ImproperlyConfigured):
        SigningKey.objects.current().private_key()


@pytest.mark.parametrize("what", ["absent", "garbage", "elliptic", "short", "sealed"])
def test_a_file_that_cannot_sign_is_refused(db, key_file, rsa_pem, what):
    good = serialization.load_pem_private_key(rsa_pem, password=None)
    contents = {
        "garbage": b"-----BEGIN",
        "elliptic": pem(ec.generate_private_key(ec.SECP256R1())),
        "short": pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        "sealed": pem(good, passphrase=b"secret"),
    }
    if what in contents:
        key_file.write_bytes(contents[what])
    with pytest.raises(ImproperlyConfigured, match="SIGNING_KEY_FILE"):
        Application.objects.prepare()
    assert not SigningKey.objects.exists()
