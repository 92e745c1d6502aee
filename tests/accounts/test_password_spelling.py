"""A password has one form, whichever way the keyboard writes it: NFC, with every Unicode space as an ordinary space."""

import sys
import unicodedata
from io import StringIO

import bcrypt
import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.forms.user_fields import judge_password
from accounts.models import Application, User
from accounts.passwords import Argon2Hasher, encoded_digest, normalised
from config import settings as configured
from invitations.models import Ticket
from tests.accounts.visiting import code_of, mails, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
COMPOSED = "sieben grüne Bäume"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED).replace(" ", "\u00a0")
ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def as_installed(settings):
    """Use the hashers of production. Other tests hash with MD5, which is fast."""
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS


@pytest.fixture
def ada():
    return UserFactory(email_address=ADA)


def is_one_password():
    """Check that both spellings sign in, and that the stored hash is that of the normal form."""
    stored = User.objects.get(email_address=ADA).password
    return (
        Argon2Hasher().verify(COMPOSED, stored)
        and sign_in(Browser(), address=ADA, password=COMPOSED).status_code == 302
        and sign_in(Browser(), address=ADA, password=DECOMPOSED).status_code == 302
    )


def test_a_sign_up_with_a_ticket_keeps_the_one_form(client):
    raw = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    client.get(f"/v1/tickets/accept?ticket={raw}", follow=True)
    client.post("/sign-up", {"password": DECOMPOSED})
    assert is_one_password()


def test_a_sign_up_by_the_frontend_api_does(client):
    raw = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    said = {"ticket": raw, "strategy": "ticket", "password": DECOMPOSED}
    client.post("/__clerk/v1/client/sign_ups", said, content_type="application/json")
    assert is_one_password()


def test_a_reset_does(ada, client):
    client.post("/password/reset", {"email": ADA})
    client.post("/password/reset/code", {"code": code_of(mails()[0])})
    client.post("/password/reset/new", {"password1": DECOMPOSED})
    assert is_one_password()


def test_a_change_does_and_knows_the_old_one_in_either_spelling(ada):
    browser = Browser(ada)
    browser.post("/account/password", {"oldpassword": PASSWORD, "password1": DECOMPOSED})
    assert is_one_password()
    spaced = PASSWORD.replace(" ", "\u3000")
    browser.post("/account/password", {"oldpassword": COMPOSED, "password1": spaced})
    assert sign_in(Browser(), address=ADA, password=PASSWORD).status_code == 302


def test_the_first_admins_does(client):
    said = {"code": Application.objects.new_set_up_code(), "name": "Acme", "email_address": ADA}
    client.post(reverse("set_up"), {**said, "password": DECOMPOSED})
    assert is_one_password()


def test_a_user_made_or_changed_by_the_backend_api_does(api):
    said = {"email_address": [ADA], "password": DECOMPOSED}
    made = api.post("/v1/users", said, content_type="application/json").json()
    assert is_one_password()
    said = {"password": "\u2003".join(["eight", "quiet", "otters"])}
    api.patch(f"/v1/users/{made['id']}", said, content_type="application/json")
    assert sign_in(Browser(), address=ADA, password="eight quiet otters").status_code == 302


def test_an_admin_made_at_the_command_line_does(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL_ADDRESS", ADA)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", DECOMPOSED)
    call_command("createsuperuser", interactive=False, stdout=StringIO())
    assert is_one_password()


def test_who_signs_in_again_may_spell_it_either_way(ada):
    User.objects.get().change_password(password_hash=Argon2Hasher().encode(COMPOSED, "a" * 22))
    browser = Browser(User.objects.get())
    answer = browser.post(reverse("account_reauthenticate"), {"password": DECOMPOSED})
    assert answer.status_code == 302


@pytest.mark.parametrize("hasher", ["bcrypt", "argon2id of a first release"])
def test_a_hash_of_what_was_typed_opens_the_account_and_becomes_one_of_the_one_form(hasher):
    if hasher == "bcrypt":
        digest = bcrypt.hashpw(DECOMPOSED.encode(), bcrypt.gensalt(4)).decode()
        encoded = encoded_digest(digest, hasher="bcrypt")
    else:
        encoded = super(Argon2Hasher, Argon2Hasher()).encode(DECOMPOSED, "a" * 22)
    UserFactory(email_address=ADA, password=None, password_hash=encoded)
    assert sign_in(Browser(), address=ADA, password=COMPOSED).status_code == 200
    assert sign_in(Browser(), address=ADA, password=DECOMPOSED).status_code == 302
    assert is_one_password()


def test_the_one_form_is_tried_first_and_what_was_typed_only_where_it_differs(ada, monkeypatch):
    tried = []
    monkeypatch.setattr(Argon2Hasher, "verify", lambda self, typed, _hash: tried.append(typed))
    ada.check_password("quite plain words")
    ada.check_password(DECOMPOSED)
    assert tried == ["quite plain words", COMPOSED, DECOMPOSED]


def test_lengths_are_those_of_the_one_form():
    marks = unicodedata.normalize("NFD", "ü")
    for password, code in ((marks * 7, "too_short"), ("ab" + marks * 1024, "too_long")):
        with pytest.raises(Exception, match="characters") as refused:
            judge_password(password, person=User())
        assert refused.value.type == f"form_password_length_{code}"
    words = "drei grüne Bäume im Tal "
    assert judge_password(unicodedata.normalize("NFD", words * 40), person=User())


def test_every_space_of_unicode_is_one():
    spaces = [
        char for char in map(chr, range(sys.maxunicode)) if unicodedata.category(char) == "Zs"
    ]
    assert {normalised(f"a{space}b") for space in spaces} == {"a b"}
    assert normalised("a\tb\u200bc") == "a\tb\u200bc"


def test_marks_without_end_are_not_sorted():
    endless = "\u0300\u0323" * 100_000
    assert normalised(endless) is endless
