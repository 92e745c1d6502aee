"""Imported password hashes open the account once; then Ollio stores a hash of its own."""

import argon2
import bcrypt
import pytest
from django.contrib.auth.hashers import (
    BCryptSHA256PasswordHasher,
    PBKDF2PasswordHasher,
    make_password,
)
from django.test import Client

from accounts.models import User, user
from accounts.passwords import InvalidDigest, encoded_digest
from config import settings as configured
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory

LONG = "seventy-two bytes are what bcrypt looks at, and people's words may be longer than that"
BCRYPT = "$2b$04$FI9OmP8TLH5VNBmBelxfeedfONV.7UOA6G1ttLvOYXhiHVOEvD3.m"
ARGON = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQxMjM0NTY$c29tZWhhc2gxMjM0NTY3ODkwMTIzNDU2Nzg"


def digest_of(hasher, password=PASSWORD):
    if hasher == "bcrypt":
        return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    if hasher == "bcrypt_sha256_django":
        return BCryptSHA256PasswordHasher().encode(password, bcrypt.gensalt(4))
    if hasher == "pbkdf2_sha256_django":
        return PBKDF2PasswordHasher().encode(password, "salt", iterations=1000)
    return argon2.PasswordHasher(time_cost=2, memory_cost=1024, parallelism=2).hash(password)


@pytest.fixture
def hashers(settings):
    """Use the hashers of production. Other tests hash with MD5, which is fast."""
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS


@pytest.fixture
def imported(db, settings):
    """A user who has not signed in yet."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "accounts.passwords.BCryptHasher"]
    encoded = encoded_digest(digest_of("bcrypt"), hasher="bcrypt")
    return UserFactory(email_address="ada@example.com", password=None, password_hash=encoded)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hasher", ["bcrypt", "bcrypt_sha256_django", "pbkdf2_sha256_django", "argon2id"]
)
@pytest.mark.parametrize("password", [PASSWORD, LONG], ids=["short", "long"])
def test_an_imported_digest_opens_the_account_and_becomes_ours(hashers, client, hasher, password):
    encoded = encoded_digest(digest_of(hasher, password), hasher=hasher)
    ada = UserFactory(email_address="ada@example.com", password=None, password_hash=encoded)
    assert sign_in(client, password="wrong password").status_code == 200
    assert sign_in(client, password=password).status_code == 302
    kept = User.objects.get(pk=ada.pk).password
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    client.logout()
    assert sign_in(client, password=password).status_code == 302


@pytest.mark.parametrize("page", ["hosted", "of the application"])
def test_a_password_that_was_changed_while_it_was_checked_stays_changed(
    client, imported, before, page
):
    changed = make_password("eight quiet otters")
    before(
        user,
        "make_password",
        happens=lambda: User.objects.get().change(by=None, password_hash=changed),
    )
    if page == "hosted":
        sign_in(client)
    else:
        said = {"identifier": "ada@example.com", "password": PASSWORD}
        client.post("/__clerk/v1/client/sign_ins", said, content_type="application/json")
    assert User.objects.get().password == changed


def test_two_first_sign_ins_at_once_both_open_the_account(client, imported, before):
    before(user, "make_password", happens=lambda: sign_in(Client()))
    sign_in(client)
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("hasher", "digest"),
    [
        ("bcrypt", BCRYPT.replace("$04$", "$31$")),
        ("bcrypt", BCRYPT.replace("$04$", "$03$")),
        ("bcrypt", BCRYPT.replace("$2b$", "$2x$")),
        ("bcrypt", BCRYPT[:-1]),
        ("bcrypt", "$2b$04$" + "z" * 53),
        ("bcrypt", f"bcrypt_sha256${BCRYPT}"),
        ("bcrypt_sha256_django", BCRYPT),
        ("pbkdf2_sha256_django", f"pbkdf2_sha256$99999999$salt${'A' * 43}="),
        ("pbkdf2_sha256_django", f"pbkdf2_sha256$0$salt${'A' * 43}="),
        ("pbkdf2_sha256_django", f"pbkdf2_sha256$1000$${'A' * 43}="),
        ("argon2id", ARGON.replace("65536", "99999999")),
        ("argon2id", ARGON.replace("t=3", "t=999")),
        ("argon2id", ARGON.replace("argon2id", "argon2i")),
        ("argon2id", ARGON + "A" * 100),
        ("argon2id", "!unusable"),
    ],
)
def test_what_is_no_digest_or_costs_too_much_is_refused(hasher, digest):
    with pytest.raises(InvalidDigest):
        encoded_digest(digest, hasher=hasher)
