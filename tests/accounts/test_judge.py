"""Whether an account may sign in: the one function that every sign-in calls."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from accounts import judge
from accounts.judge import AccountShut, PasswordChanged, SecondFactorOwed
from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(email_address="ada@example.com")


def read():
    return User.objects.timed().get()


def enter(proved_hash, *, has_second_factor=False):
    judge.check_entry(read(), proved_hash=proved_hash, has_second_factor=has_second_factor)


def test_who_has_proved_themselves_comes_in_and_stays_in(ada):
    judge.check_first_factor(read())
    enter(ada.get_session_auth_hash())
    judge.check_session(read(), proved_hash=ada.get_session_auth_hash())


@pytest.mark.parametrize(("verb", "reason"), [("ban", "banned"), ("lock", "locked")])
def test_who_is_shut_out_does_not_come_in(ada, verb, reason):
    getattr(ada, verb)(by=None)
    for ask in (
        lambda: judge.check_first_factor(read()),
        lambda: enter(ada.get_session_auth_hash()),
    ):
        with pytest.raises(AccountShut) as shut:
            ask()
        assert shut.value.reason == reason
        assert (shut.value.seconds is None) == (verb == "ban")


def test_a_ban_ends_a_session_and_a_lock_does_not(ada):
    ada.lock(by=None)
    judge.check_session(read(), proved_hash=ada.get_session_auth_hash())
    ada.ban(by=None)
    with pytest.raises(AccountShut):
        judge.check_session(read(), proved_hash=ada.get_session_auth_hash())


def test_another_password_ends_what_was_proved_by_the_former(ada):
    former = ada.get_session_auth_hash()
    ada.change_password(password_hash=make_password("nine brave badgers"))
    for proved_hash in (former, ""):
        with pytest.raises(PasswordChanged):
            enter(proved_hash)
        with pytest.raises(PasswordChanged):
            judge.check_session(read(), proved_hash=proved_hash)


def test_a_former_secret_key_still_tells_the_same_password(ada, settings):
    proved_hash = ada.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    judge.check_session(read(), proved_hash=proved_hash)


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_a_second_factor_is_owed_where_there_is_one(ada, kind):
    Authenticator.objects.create(user=ada, type=kind, data={})
    with pytest.raises(SecondFactorOwed):
        enter(ada.get_session_auth_hash())
    enter(ada.get_session_auth_hash(), has_second_factor=True)


def test_recovery_codes_alone_are_no_second_factor(ada):
    Authenticator.objects.create(user=ada, type="recovery_codes", data={})
    enter(ada.get_session_auth_hash())


def test_a_door_that_asks_for_no_passkey_says_so(ada):
    Authenticator.objects.create(user=ada, type="webauthn", data={})
    with pytest.raises(AccountShut) as shut:
        judge.check_first_factor(read(), asks={"totp", "recovery_codes"})
    assert shut.value.reason == "passkey"
    judge.check_first_factor(read())
