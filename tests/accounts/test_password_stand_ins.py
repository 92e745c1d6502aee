"""For an unknown address, the password is compared with a stand-in that costs as much as the stored hashes."""

from collections import Counter

import bcrypt
import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher, PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import PasswordKind, User
from accounts.passwords import (
    Argon2Hasher,
    BCryptHasher,
    BCryptSHA256Hasher,
    PBKDF2Hasher,
    compare,
    dummy,
    encoded_digest,
)
from config import settings as configured
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
HASHERS = [Argon2Hasher, BCryptHasher, BCryptSHA256Hasher, PBKDF2Hasher]
OURS = "argon2$argon2id$v=19$m=47104,t=1,p=1$"
BCRYPT = "bcrypt$$2b$04$"
SHARES = {OURS: 60, BCRYPT: 30, "pbkdf2_sha256$9$": 10}


@pytest.fixture(autouse=True)
def as_installed(settings):
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS


@pytest.fixture
def work(monkeypatch):
    """Record each comparison: the hasher's class, and the algorithm and cost of the hash."""
    done = []
    for hasher in HASHERS:

        def verify(self, password, encoded, real=hasher.verify):
            done.append((type(self), next(kind for kind in KINDS if encoded.startswith(kind))))
            return real(self, password, encoded)

        monkeypatch.setattr(hasher, "verify", verify)
    return done


KINDS = [OURS, BCRYPT, "bcrypt_sha256$$2b$04$", "pbkdf2_sha256$9$"]


def imported(kind, **said):
    encoded = {
        OURS: lambda: Argon2Hasher().encode(PASSWORD, "a" * 22),
        BCRYPT: lambda: encoded_digest(
            bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode(), hasher="bcrypt"
        ),
        KINDS[2]: lambda: BCryptSHA256PasswordHasher().encode(PASSWORD, bcrypt.gensalt(4)),
        KINDS[3]: lambda: PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=9),
    }[kind]()
    return UserFactory(password=None, password_hash=encoded, **said)


def drawn(address, counts):
    return next(kind for kind in KINDS if dummy(address, counts=counts).startswith(kind))


def test_the_stored_hashes_are_counted_by_hasher_and_cost():
    for kind in KINDS:
        imported(kind)
    imported(BCRYPT)
    UserFactory(password=None)
    PasswordKind.objects.create(kind="bcrypt$$2b$31$", count=5)
    PasswordKind.objects.tally()
    PasswordKind.objects.tally()
    counts = dict(PasswordKind.objects.values_list("kind", "count"))
    assert counts == dict.fromkeys(KINDS, 1) | {BCRYPT: 2}


def test_kinds_are_drawn_in_their_shares_whatever_the_addresses():
    draws = Counter(drawn(f"nobody{number}@example.com", SHARES) for number in range(3000))
    assert {kind: round(draws[kind] / 300) for kind in SHARES} == {
        OURS: 6,
        BCRYPT: 3,
        "pbkdf2_sha256$9$": 1,
    }


def test_an_address_keeps_its_kind_unless_its_owner_could_have_signed_in():
    later = SHARES | {OURS: SHARES[OURS] + 15, BCRYPT: SHARES[BCRYPT] - 15}
    addresses = [f"nobody{number}@example.com" for number in range(1000)]
    moves = Counter((drawn(each, SHARES), drawn(each, later)) for each in addresses)
    changed = {move: times for move, times in moves.items() if move[0] != move[1]}
    assert changed.keys() <= {(BCRYPT, OURS), (BCRYPT, KINDS[3]), (KINDS[3], OURS)}
    assert max(changed, key=changed.get) == (BCRYPT, OURS)


def test_another_secret_draws_anew(settings):
    addresses = [f"nobody{number}@example.com" for number in range(100)]
    before = [drawn(each, SHARES) for each in addresses]
    settings.SECRET_KEY = "x" + settings.SECRET_KEY
    assert [drawn(each, SHARES) for each in addresses] != before


@pytest.mark.parametrize("kind", KINDS)
def test_a_stand_in_is_a_hash_of_its_kind_that_no_password_has(kind, work):
    assert not compare(PASSWORD, encoded=dummy("eve@example.com", counts={kind: 1})).is_right
    assert [each for _hasher, each in work] == [kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("password", ["wrong password", "wro\u0308ng password"])
@pytest.mark.parametrize("door", ["page", "api"])
def test_an_unknown_address_costs_what_a_known_one_costs(work, kind, password, door):
    imported(kind, email_address="ada@example.com")
    UserFactory(email_address="kim@example.com", password=None)
    PasswordKind.objects.tally()
    costs = []
    for address in ("warm@example.com", "ada@example.com", "eve@example.com", "kim@example.com"):
        work.clear()
        with CaptureQueriesContext(connection) as queries:
            guess(Client(REMOTE_ADDR=f"192.0.2.{len(costs)}"), door, address, password)
        costs.append((len(queries), list(work)))
    assert costs[1] == costs[2] == costs[3]
    assert len(costs[1][1]) == (1 if password.isascii() else 2)


def guess(client, door, address, password):
    if door == "page":
        return sign_in(client, address=address, password=password)
    said = {"identifier": address, "password": password}
    return client.post("/__clerk/v1/client/sign_ins", said, content_type="application/json")


def test_before_the_first_count_the_hasher_of_new_passwords_stands_in(monkeypatch, client):
    hashes = []
    encode = Argon2Hasher.encode
    monkeypatch.setattr(
        Argon2Hasher, "encode", lambda self, *args: hashes.append(1) or encode(self, *args)
    )
    sign_in(client, address="eve@example.com", password="wrong password")
    assert hashes == [1]


def test_who_signs_in_is_counted_with_ours_from_then_on(client):
    imported(BCRYPT, email_address="ada@example.com")
    sign_in(client)
    assert User.objects.get().password.startswith(OURS)
    PasswordKind.objects.tally()
    assert dict(PasswordKind.objects.values_list("kind", "count")) == {OURS: 1}
