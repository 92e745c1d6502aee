import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from config.crypto import Unreadable, seal, unseal
from tests.accounts.visiting import sign_in


def test_sealed_text_is_read_again():
    assert unseal(seal("a code: 042137")) == "a code: 042137"


def test_sealed_text_shows_nothing():
    assert "042137" not in seal("042137")
    assert seal("042137") != seal("042137")


def test_a_former_key_still_opens(settings):
    sealed = seal("a code")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    assert unseal(sealed) == "a code"


@pytest.mark.parametrize("sealed", ["", "nonsense", "gAAAAAB"])
def test_what_nobody_sealed_is_unreadable(sealed):
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_a_lost_key_makes_it_unreadable(settings):
    sealed = seal("a code")
    settings.SECRET_KEY = "another-key-" * 6
    with pytest.raises(Unreadable):
        unseal(sealed)


class Raw:
    """The content of a session without its signature."""

    def loads(self, data):
        return data


@pytest.mark.django_db
def test_a_stolen_session_table_shows_nothing(member):
    TOTP.activate(member.user, "JBSWY3DPEHPK3PXP")
    sign_in(Client(), address="max@example.com")  # waits for the second factor
    salt = "django.contrib.sessions.SessionStore"
    under = [
        signing.loads(session.session_data, salt=salt, serializer=Raw)
        for session in Session.objects.all()
    ]
    assert len(under) == 2
    assert not [data for data in under if b"password" in data or b"user" in data]


def test_a_session_sealed_under_a_lost_key_is_an_empty_one(settings):
    sealed = SessionStore().encode({"a": 1})
    assert SessionStore().decode(sealed) == {"a": 1}
    settings.SECRET_KEY = "another key of fifty letters and more 0123456789 0123456789"
    assert SessionStore().decode(sealed) == {}
