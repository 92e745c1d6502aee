import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.urls import NoReverseMatch, reverse

from accounts.forms import AccountForm
from accounts.models import User
from tests.conftest import Browser
from tests.factories import UserFactory


def test_the_name_can_be_changed(member):
    answer = member.post("/account", {"first_name": " Max ", "last_name": "Müller"}, follow=True)
    assert User.objects.get(pk=member.user.pk).name == "Max Müller"
    assert "Your name is saved." in answer.content.decode()


def test_the_name_may_be_empty(admin):
    admin.post("/account", {"first_name": "", "last_name": ""})
    assert User.objects.get(pk=admin.user.pk).label == "grace@example.com"


@pytest.mark.parametrize("name", ["\u202eMax", "Ma\u200dx", "x" * 65])
def test_a_name_that_is_not_seen_as_it_is_is_refused(member, name):
    answer = member.post("/account", {"first_name": name, "last_name": ""})
    assert answer.context["form"].errors["first_name"]
    assert User.objects.get(pk=member.user.pk).name == ""


def test_nothing_else_can_be_changed_on_the_way(member):
    member.post(
        "/account",
        {
            "first_name": "Max",
            "is_staff": "1",
            "is_superuser": "1",
            "email_address": "x@example.com",
        },
    )
    user = User.objects.get(pk=member.user.pk)
    assert (user.is_staff, user.is_superuser, user.email_address) == (
        False,
        False,
        "max@example.com",
    )


def test_operators_keep_the_menu_of_the_dashboard(operator, member):
    assert reverse("users") in operator.get("/account").content.decode()
    assert reverse("users") not in member.get("/account").content.decode()


def test_a_stranger_has_no_account(stranger):
    UserFactory()
    assert stranger.get("/account")["Location"] == "/sign-in?next=/account"


def test_allauth_signs_nobody_up(stranger):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup_by_passkey")
    UserFactory()
    page = stranger.post(
        "/sign-up", {"email": "eve@example.com", "password1": "eight quiet otters"}
    )
    assert page.status_code == 200
    assert not User.objects.filter(email_address="eve@example.com").exists()


def test_pages_hold_no_inline_code(member):
    for path in (
        "/account",
        "/account/email",
        "/account/password",
        "/account/sessions",
        "/account/passkeys",
    ):
        text = member.get(path).content.decode()
        assert not re.search(
            r"\son\w+=|\sstyle=|<style|<script(?![^>]*(src=|application/json))", text
        )


def test_two_accounts_do_not_see_each_other(db):
    ada, eve = Browser(UserFactory(first_name="Ada")), Browser(UserFactory(first_name="Eve"))
    assert "Eve" not in ada.get("/account").content.decode()
    assert "Ada" not in eve.get("/account").content.decode()


def test_a_form_that_was_open_brings_no_ended_rights_back(operator):
    form = AccountForm(
        {"first_name": "Olga", "last_name": ""}, instance=User.objects.get(pk=operator.user.pk)
    )
    assert form.is_valid()
    operator.user.end_operator(by=None)
    form.save()
    user = User.objects.get(pk=operator.user.pk)
    assert (user.first_name, user.is_staff) == ("Olga", False)


def test_a_new_password_brings_no_ended_rights_back(operator, rf):
    stale = User.objects.get(pk=operator.user.pk)
    operator.user.end_operator(by=None)
    request = rf.get("/")
    request.user = stale
    with request_context(request):
        get_adapter().set_password(stale, "a wholly new password")
    user = User.objects.get(pk=operator.user.pk)
    assert not user.is_staff
    assert user.check_password("a wholly new password")
