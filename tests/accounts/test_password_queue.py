"""Only a few passwords are hashed at once, and few requests may wait. All others are asked to come back later."""

import threading
from contextlib import ExitStack

import bcrypt
import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher, PBKDF2PasswordHasher
from django.urls import reverse

from accounts.models import Application, SignIn, SignUp, User
from accounts.passwords import (
    Argon2Hasher,
    BCryptHasher,
    BCryptSHA256Hasher,
    PasswordsBusy,
    PBKDF2Hasher,
    compare,
    encoded_digest,
    hashers,
)
from accounts.passwords.hashers import AT_ONCE, MAY_WAIT
from config import settings as configured
from invitations.models import Ticket
from tests.accounts.visiting import code_of, mails
from tests.conftest import Browser
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
ADA, NEW = "ada@example.com", "eight quiet otters"


@pytest.fixture
def as_installed(settings):
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS


@pytest.fixture
def full(as_installed):
    """Within `with full():` every place is taken."""

    def take_all():
        taken = ExitStack()
        for _ in range(AT_ONCE + MAY_WAIT):
            taken.enter_context(hashers._places)
        return taken

    return take_all


def told_to_come_back(answer):
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    return True


@pytest.mark.parametrize(
    ("hasher", "encoded"),
    [
        (Argon2Hasher, lambda: Argon2Hasher().encode(PASSWORD, "a" * 22)),
        (
            BCryptHasher,
            lambda: "bcrypt$" + bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode(),
        ),
        (
            BCryptSHA256Hasher,
            lambda: BCryptSHA256PasswordHasher().encode(PASSWORD, bcrypt.gensalt(4)),
        ),
        (PBKDF2Hasher, lambda: PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=9)),
    ],
)
def test_every_hasher_waits_in_the_one_queue(full, hasher, encoded):
    kept = encoded()
    with full(), pytest.raises(PasswordsBusy):
        hasher().verify(PASSWORD, kept)
    assert hasher().verify(PASSWORD, kept)
    with full(), pytest.raises(PasswordsBusy):
        Argon2Hasher().encode(PASSWORD, "a" * 22)


def test_so_many_work_one_waits_and_the_next_is_refused(as_installed, monkeypatch):
    inside, free = threading.Semaphore(0), threading.Event()
    monkeypatch.setattr(hashers, "LONGEST_WAIT", 60)

    def work():
        with hashers._turn():
            inside.release()
            free.wait(60)

    working = [threading.Thread(target=work) for _ in range(AT_ONCE + MAY_WAIT)]
    for thread in working:
        thread.start()
    assert all(inside.acquire(timeout=60) for _ in range(AT_ONCE))
    while hashers._places._value:  # until the last thread is in the queue
        threading.Event().wait(0.01)
    assert not inside.acquire(blocking=False)  # a waiting thread does not work yet
    with pytest.raises(PasswordsBusy):
        compare(PASSWORD, encoded=Argon2Hasher().encode(PASSWORD, "a" * 22))
    free.set()
    for thread in working:
        thread.join()
    assert Argon2Hasher().encode(PASSWORD, "a" * 22)


def test_nobody_waits_for_ever(as_installed, monkeypatch):
    monkeypatch.setattr(hashers, "LONGEST_WAIT", 0.01)
    with ExitStack() as taken:
        for _ in range(AT_ONCE):
            taken.enter_context(hashers._slots)
        with pytest.raises(PasswordsBusy):
            Argon2Hasher().encode(PASSWORD, "a" * 22)
    assert Argon2Hasher().encode(PASSWORD, "a" * 22)


def test_the_sign_in_page_says_come_back(full, client):
    UserFactory(email_address=ADA)
    with full():
        answer = client.post("/sign-in", {"login": ADA, "password": PASSWORD})
    assert told_to_come_back(answer)
    assert "Many people are signing in" in answer.text
    assert client.post("/sign-in", {"login": ADA, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("address", [ADA, "nobody@example.com"])
def test_the_frontend_api_says_so_in_its_shape(full, client, address):
    UserFactory(email_address=ADA)
    said = {"identifier": address, "password": PASSWORD}
    with full():
        answer = client.post("/__clerk/v1/client/sign_ins", said, content_type="application/json")
    assert told_to_come_back(answer)
    assert answer.json()["errors"][0]["code"] == "service_unavailable"
    assert not SignIn.objects.exists()


def test_no_sign_up_is_half_done(full, client):
    raw = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    client.get(f"/v1/tickets/accept?ticket={raw}", follow=True)
    said = {"ticket": raw, "strategy": "ticket", "password": PASSWORD}
    with full():
        assert told_to_come_back(client.post("/sign-up", {"password": PASSWORD}))
        answer = client.post("/__clerk/v1/client/sign_ups", said, content_type="application/json")
    assert told_to_come_back(answer)
    assert not User.objects.exists()
    assert not SignUp.objects.exists()
    assert client.post("/sign-up", {"password": PASSWORD}).status_code == 302


def test_no_set_up_code_is_spent(full, client):
    said = {"code": Application.objects.new_set_up_code(), "name": "Acme", "password": PASSWORD}
    said["email_address"] = ADA
    with full():
        assert told_to_come_back(client.post(reverse("set_up"), said))
    assert client.post(reverse("set_up"), said).status_code == 302


def test_the_backend_api_makes_and_changes_nobody(full, api):
    said = {"email_address": [ADA], "password": PASSWORD}
    kim = UserFactory(email_address="kim@example.com")
    with full():
        made = api.post("/v1/users", said, content_type="application/json")
        changed = api.patch(
            f"/v1/users/{kim.pk}", {"password": NEW}, content_type="application/json"
        )
    assert told_to_come_back(made)
    assert told_to_come_back(changed)
    assert made.json()["errors"][0]["code"] == "service_unavailable"
    assert list(User.objects.all()) == [kim]
    assert api.post("/v1/users", said, content_type="application/json").status_code == 200


def test_a_password_is_neither_changed_nor_reset(full, client):
    browser = Browser(UserFactory(email_address=ADA))
    said = {"oldpassword": PASSWORD, "password1": NEW}
    client.post("/password/reset", {"email": ADA})
    client.post("/password/reset/code", {"code": code_of(mails()[0])})
    with full():
        assert told_to_come_back(browser.post("/account/password", said))
        assert told_to_come_back(client.post("/password/reset/new", {"password1": NEW}))
        again = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert told_to_come_back(again)
    assert User.objects.get().check_password(PASSWORD)
    assert client.post("/password/reset/new", {"password1": NEW}).status_code == 302
    assert User.objects.get().check_password(NEW)


def test_who_is_right_comes_in_even_if_there_is_no_place_to_hash_anew(as_installed, monkeypatch):
    digest = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    encoded = encoded_digest(digest, hasher="bcrypt")
    ada = UserFactory(email_address=ADA, password=None, password_hash=encoded)

    def refuse(*_arguments):
        raise PasswordsBusy

    monkeypatch.setattr(Argon2Hasher, "encode", refuse)
    assert ada.check_password(PASSWORD)
    assert User.objects.get().password == encoded
