"""Every sign-in and account page, opened by every kind of visitor: none fails, and each has our layout."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from config import urls
from tests.factories import PASSWORD

OURS = '<link rel="stylesheet" href="/static/css/app.css">'
MAILED = {"sign_in_with_code", "sign_in_code", "password_reset_code", "new_password"}
PUBLIC = sorted(MAILED | {each for each in urls.PUBLIC if each.startswith(("account_", "mfa_"))})
WITH_A_KEY = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
NO_PAGE = {
    "mfa_download_recovery_codes",
    "change_address_code_again",
    "proof_by_code_typed_again",
    "end_session",
}


def looks_like_ours(answer):
    text = answer.content.decode()
    return (
        OURS in text and "Menu:" not in text and text.count("<h1") == 1 and "<title> ·" not in text
    )


def path(name, key):
    if name == "end_session":
        return reverse(name, args=["sess_x"])
    return reverse(name, args=[key.pk] if name in WITH_A_KEY else [])


@pytest.fixture
def key(member):
    TOTP.activate(member.user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(member.user)
    member.post("/account/reauthenticate", {"password": PASSWORD})
    return Authenticator.objects.create(
        user=member.user, type="webauthn", data={"name": "Phone", "credential": {}}
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_for_all(member, stranger, name):
    for browser in (member, stranger):
        answer = browser.get(reverse(name), follow=True)
        assert answer.status_code == 200
        assert looks_like_ours(answer)


@pytest.mark.parametrize(
    "name", sorted(urls.SIGNED_IN - NO_PAGE - {"mfa_add_webauthn", "mfa_reauthenticate_webauthn"})
)
def test_pages_for_the_signed_in(member, stranger, key, name):
    answer = member.get(path(name, key), follow=True)
    assert answer.status_code == 200
    assert looks_like_ours(answer)
    assert stranger.get(path(name, key))["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("name", sorted(urls.SIGNED_IN | set(PUBLIC)))
def test_empty_and_hostile_posts_are_answered(member, key, name):
    key.delete()
    for data in (
        {},
        {
            "code": "\u0000",
            "email": "\u0000",
            "new_address": "\u0000",
            "handle": "\u0000",
            "name": "\u0000",
            "action_add": "1",
            "password1": "\u0000",
        },
    ):
        key.pk = key.pk or 1
        assert member.post(path(name, key), data).status_code < 500
