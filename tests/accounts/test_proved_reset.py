"""A mailed code proves the mailbox only until the owner's next change. Each code allows five tries."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.test import Client

from accounts.models import CodeRefused, FirstFactor, SignIn, User, mailed_code
from tests.accounts.visiting import code_of, mails, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"


def thief_has_proved_a_reset():
    thief = Client()
    thief.post("/password/reset", {"email": ADA})
    answer = thief.post("/password/reset/code", {"code": code_of(mails()[-1])})
    assert answer["Location"] == "/password/reset/new"
    return thief


def by_the_owner():
    owner = Client()
    sign_in(owner)
    said = {"oldpassword": PASSWORD, "password1": "eight quiet otters"}
    assert owner.post("/account/password", said).status_code == 302


def by_an_admin():
    User.objects.get().change(by=None, password_hash=make_password("eight quiet otters"))


def by_a_reset_of_their_own():
    owner = Client()
    SignIn.objects.update(code_sent_at=F("code_sent_at") - timedelta(minutes=1))
    owner.post("/password/reset", {"email": ADA})
    owner.post("/password/reset/code", {"code": code_of(mails()[-1])})
    owner.post("/password/reset/new", {"password1": "eight quiet otters"})


@pytest.mark.parametrize("change", [by_the_owner, by_an_admin, by_a_reset_of_their_own])
def test_a_proved_reset_ends_with_a_new_password(change):
    UserFactory(email_address=ADA)
    thief = thief_has_proved_a_reset()
    change()
    assert User.objects.get().check_password("eight quiet otters")
    thief.post("/password/reset/new", {"password1": "thieves like this one"})
    assert not User.objects.get().check_password("thieves like this one")


def test_a_proved_reset_ends_with_sign_out_everywhere():
    UserFactory(email_address=ADA)
    thief = thief_has_proved_a_reset()
    User.objects.get().sign_out_everywhere(by=None)
    thief.post("/password/reset/new", {"password1": "thieves like this one"})
    assert not User.objects.get().check_password("thieves like this one")


@pytest.fixture
def judged(monkeypatch):
    """The stored codes that typed codes were compared with."""
    seen, compare = [], mailed_code.constant_time_compare

    def counting(stored, typed):
        seen.append(stored)
        return compare(stored, typed)

    monkeypatch.setattr(mailed_code, "constant_time_compare", counting)
    return seen


def guess(row, number):
    with suppress(CodeRefused):
        row.check_code(f"{number:06d}")


def test_of_guesses_under_way_while_a_new_code_leaves_none_is_judged_by_that(judged):
    user = UserFactory(email_address=ADA)
    row = SignIn.objects.create(user=user, email_address=ADA, email_key=ADA)
    row.new_code(code_for=FirstFactor.EMAIL_CODE)
    under_way = [SignIn.objects.get() for _ in range(5)]
    SignIn.objects.update(code_sent_at=F("code_sent_at") - timedelta(minutes=1))
    row.new_code(code_for=FirstFactor.EMAIL_CODE)
    for number, each in enumerate(under_way):
        guess(each, number)
    for number in range(100, 110):
        guess(SignIn.objects.get(), number)
    assert judged.count(row.code_hash) == len(judged) == 5
