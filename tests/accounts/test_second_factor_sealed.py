"""Second-factor secrets are stored encrypted. A migration encrypts those that older versions stored in clear text."""

import importlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from accounts import second_factors
from config.crypto import unseal
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import sign_in
from tests.factories import UserFactory

migration = importlib.import_module("accounts.migrations.0009_seal_second_factors")
NEW_KEY = "another secret key of more than fifty characters, all of them made up"
SEED = "0123456789abcdef" * 5


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def in_clear(ada):
    """Store secrets as allauth does by default."""
    rows = [("totp", {"secret": SECRET}), ("recovery_codes", {"seed": SEED, "used_mask": 3})]
    rows += [("webauthn", {"name": "Phone", "credential": {"secret": SECRET}})]
    return [Authenticator.objects.create(user=ada, type=kind, data=data) for kind, data in rows]


def migrate(to):
    with transaction.atomic():
        to(apps, None)
    return [row.data for row in Authenticator.objects.order_by("pk")]


def test_secrets_are_sealed_when_they_are_stored(ada):
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    app, codes = (row.data for row in Authenticator.objects.order_by("pk"))
    assert unseal(app["secret"]) == SECRET
    assert len(unseal(codes["seed"])) == 80


def test_what_was_stored_in_clear_is_sealed(in_clear):
    app, codes, passkey = migrate(migration.seal_all)
    assert unseal(app["secret"]) == SECRET
    assert unseal(codes.pop("seed")) == SEED
    assert codes == {"used_mask": 3}
    assert passkey == {"name": "Phone", "credential": {"secret": SECRET}}


def test_it_signs_in_as_before(in_clear, client):
    migrate(migration.seal_all)
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": current_code()}).status_code == 302


def test_what_is_sealed_already_is_left_alone(in_clear):
    assert migrate(migration.seal_all) == migrate(migration.seal_all)


def test_sealing_can_be_taken_back(in_clear):
    migrate(migration.seal_all)
    app, codes, _passkey = migrate(migration.unseal_all)
    assert (app["secret"], codes["seed"]) == (SECRET, SEED)


def test_all_of_many_are_sealed(db, monkeypatch):
    people = UserFactory.create_batch(7)
    rows = [(person, {"secret": SECRET}) for person in people]
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type="totp", data=data) for person, data in rows
    )
    monkeypatch.setattr(migration, "_AT_ONCE", 3)
    assert {unseal(data["secret"]) for data in migrate(migration.seal_all)} == {SECRET}


def test_a_former_secret_key_can_go_once_prepare_has_run(ada, settings, capsys):
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = NEW_KEY
    call_command("prepare")
    settings.SECRET_KEY_FALLBACKS = []
    assert not second_factors.are_lost(ada)
    assert Authenticator.objects.get(type="totp").wrap().validate_code(current_code())
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes


@pytest.fixture
def lost(ada, settings):
    """A secret encrypted with a key that no longer exists."""
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    settings.SECRET_KEY = NEW_KEY
    return ada


def test_what_nobody_can_read_says_so_at_sign_in(lost, client):
    sign_in(client)
    answer = client.post("/sign-in/second-factor", {"code": current_code()})
    assert "cannot be read any more" in answer.content.decode()
    assert client.get("/account").status_code == 302


def test_what_nobody_can_read_is_left_by_the_migration(lost):
    rows = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    assert migrate(migration.seal_all) == migrate(migration.unseal_all) == rows


def test_one_that_can_be_read_is_enough(lost, client):
    Authenticator.objects.filter(type="totp").delete()
    TOTP.activate(lost, SECRET)
    sign_in(client)
    wrong = client.post("/sign-in/second-factor", {"code": "000000"}).content.decode()
    assert "This code is not right" in wrong
    assert client.post("/sign-in/second-factor", {"code": current_code()}).status_code == 302
