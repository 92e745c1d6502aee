"""Only a user who enters the right password learns that the account is locked or banned."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.accounts.visiting import masked, sign_in
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com", further_addresses=["ada@second.example"])


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_is_told_of_the_lock(ada, client):
    ada.lock(by=None)
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "This account is locked for now" in answer.content.decode()
    assert "Try again in 60 minutes" in answer.content.decode()
    assert not signed_in(client)


def test_a_wrong_password_is_told_what_a_stranger_is_told(ada, client):
    ada.lock(by=None)
    known = sign_in(client, password="wrong password")
    unknown = sign_in(client, address="eve@example.com", password="wrong password")
    assert known.status_code == unknown.status_code == 200
    assert masked(known, address="ada@example.com") == masked(unknown, address="eve@example.com")


def test_after_the_hour_it_opens_again(ada, client):
    ada.lock(by=None)
    User.objects.update(locked_at=timezone.now(), locked_until=timezone.now())
    assert sign_in(client).status_code == 302


def test_an_unlock_opens_it_at_once(ada, client):
    ada.lock(by=None)
    ada.unlock(by=None)
    assert sign_in(client).status_code == 302


def test_until_somebody_unlocks_no_time_is_named(ada, client):
    User.objects.update(locked_at=timezone.now(), locked_until=None)
    page = sign_in(client).content.decode()
    assert "Somebody has to unlock it" in page
    assert "minutes" not in page


def test_a_session_goes_on_through_a_lock(member):
    member.user.lock(by=None)
    assert member.get("/account").status_code == 200


def test_a_lock_during_the_second_factor_counts(ada, client, monkeypatch):
    """The account is locked after the password check and before the code is entered."""
    check, calls = User.lock, []
    monkeypatch.setattr(
        "accounts.adapter.AccountAdapter.get_login_stages",
        lambda self: calls.append(check(ada, by=None)) or [],
    )
    assert sign_in(client).status_code == 403
    assert calls
    assert not signed_in(client)


def test_a_banned_person_is_told_so_and_comes_back_after_the_unban(ada, client):
    ada.ban(by=None)
    assert sign_in(client)["Location"] == reverse("account_inactive")
    ada.unban(by=None)
    assert sign_in(client).status_code == 302


def test_any_of_their_addresses_signs_in(ada, client):
    assert sign_in(client, address="Ada@Second.example").status_code == 302
    assert client.get("/account").context["user"] == ada


def test_a_sign_in_is_noted_on_the_databases_clock(ada, client):
    before = ada.updated_at
    sign_in(client)
    ada.refresh_from_db()
    assert ada.last_login == ada.last_active_at > ada.created_at
    assert ada.updated_at == before


def test_a_new_password_is_dated_and_ends_the_other_sessions(ada, client, stranger):
    before = ada.password_changed_at
    for browser in (client, stranger):
        sign_in(browser)
    form = {"oldpassword": PASSWORD, "password1": "eight dry pelicans"}
    assert client.post("/account/password", form).status_code == 302
    ada.refresh_from_db()
    assert ada.password_changed_at > before
    assert client.get("/account").status_code == 200
    assert stranger.get("/account").status_code == 302


class ErasingHasher(MD5PasswordHasher):
    """Erases the user during the password check, which takes long enough for that."""

    algorithm = "erasing"

    def verify(self, password, encoded):
        User.objects.get().erase(by=None)
        return True


def test_who_is_erased_while_the_password_is_checked_does_not_come_in(settings, client, db):
    settings.PASSWORD_HASHERS = [f"{__name__}.ErasingHasher"]
    UserFactory(email_address="ada@example.com")
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert not signed_in(client)
