"""A page is about to change a password when somebody else changes it, or its owner is erased."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from accounts import browsers, devices, page_visits
from accounts.models import Browser, SignIn, User
from accounts.models import user as models
from tests.accounts.test_second_factor import SECRET
from tests.accounts.visiting import code_of, mails, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"
NEW, THEIRS = "eight quiet otters", "nine brave badgers"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW}


@pytest.fixture
def ada():
    return UserFactory(email_address=ADA)


def reset_by_an_admin():
    User.objects.get().change(by=None, password_hash=make_password(THEIRS))


def erase():
    User.objects.get().erase(by=None)


def has_begun(client):
    client.post("/password/reset", {"email": ADA})
    return code_of(mails()[0])


def is_signed_in(client):
    return client.get("/account").status_code == 200


def test_an_admins_reset_wins_over_a_change_that_was_allowed_by_the_old_one(ada, client, before):
    sign_in(client)
    before(User, "change_password", happens=reset_by_an_admin)
    assert client.post("/account/password", CHANGE)["Location"] == reverse("account_login")
    assert User.objects.get().check_password(THEIRS)
    assert not is_signed_in(client)


def test_an_admins_reset_ends_the_session_of_a_change_just_before_it(ada, client, monkeypatch):
    sign_in(client)
    write = models.write

    def write_and_lose(*args, **values):
        monkeypatch.setattr(models, "write", write)
        written = write(*args, **values)
        reset_by_an_admin()
        return written

    monkeypatch.setattr(models, "write", write_and_lose)
    client.post("/account/password", CHANGE)
    assert User.objects.get().check_password(THEIRS)
    assert not is_signed_in(client)


def ban():
    User.objects.get().ban(by=None)


def test_a_ban_ends_the_session_of_a_change_just_before_it(ada, client, before):
    sign_in(client)
    before(browsers, "keep_only_this", happens=ban)
    client.post("/account/password", CHANGE)
    User.objects.get().unban(by=None)
    assert not is_signed_in(client)


def test_a_code_opens_no_account_that_has_lost_the_mailbox(ada, client):
    client.post("/password/reset/code", {"code": has_begun(client)})
    User.objects.get().move_to("elsewhere@example.com")
    answer = client.post("/password/reset/new", {"password1": NEW}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("account_login")
    assert "ask for a new code." in answer.text
    assert User.objects.get().check_password(PASSWORD)


def test_nor_does_it_prove_anything_once_the_mailbox_is_lost(ada, client):
    code = has_begun(client)
    User.objects.get().move_to("elsewhere@example.com")
    assert "of no use" in client.post("/password/reset/code", {"code": code}).text
    assert SignIn.objects.get().proved_at is None


@pytest.mark.parametrize("step", ["code", "new"])
def test_an_erased_account_has_no_password_to_choose(ada, client, step):
    code = has_begun(client)
    if step == "new":
        client.post("/password/reset/code", {"code": code})
    erase()
    answer = client.post(f"/password/reset/{step}", {"code": code, "password1": NEW})
    leads_to = {"code": "account_reset_password", "new": "account_login"}[step]
    assert answer["Location"] == reverse(leads_to)


@pytest.mark.django_db(transaction=True)
def test_whoever_is_erased_at_this_very_moment_goes_on_as_a_stranger(ada, client, before):
    sign_in(client)
    before(page_visits, "recognise", happens=erase)
    assert client.get("/account")["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db(transaction=True)
def test_whoever_is_erased_while_signing_in_is_a_stranger(ada, client, before):
    before(Browser.objects, "begin", happens=erase)
    sign_in(client)
    assert not is_signed_in(client)


def test_a_browser_without_an_address_signs_in_all_the_same(ada, client):
    client.post("/sign-in", {"login": ADA, "password": PASSWORD}, REMOTE_ADDR="")
    assert is_signed_in(client)


def test_a_sign_in_under_way_does_not_outlast_a_new_second_factor(ada, client, before):
    def turn_on():
        TOTP.activate(ada, SECRET)
        ada.end_sessions()

    before(devices, "recognise", happens=turn_on)
    sign_in(client)
    assert not is_signed_in(client)
