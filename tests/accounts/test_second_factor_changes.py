"""Removing a second factor needs a second factor. A new one signs the other browsers out."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.forms.passkeys import AddPasskeyForm
from tests.accounts.test_second_factor import SECRET, current_code
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

REMOVE = "/account/second-factor/app/remove"
AGAIN = "/account/reauthenticate/second-factor"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def protected(ada):
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    return ada


def has_app():
    return Authenticator.objects.filter(type="totp").exists()


def test_the_app_is_turned_off_with_its_code(protected):
    hers = Browser(protected)
    assert hers.get(REMOVE)["Location"] == f"{AGAIN}?next={REMOVE.replace('/', '%2F')}"
    hers.post(AGAIN, {"code": current_code(), "next": REMOVE})
    hers.post(REMOVE)
    assert not Authenticator.objects.exists()  # recovery codes go with the last factor


def test_who_has_lost_the_app_gives_a_recovery_code(protected):
    hers = Browser(protected)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    hers.post(AGAIN, {"code": code, "next": REMOVE})
    hers.post(REMOVE)
    assert not has_app()


@pytest.mark.parametrize(
    "path", [REMOVE, "/account/second-factor/codes/new", "/account/passkeys/{pk}/remove"]
)
def test_a_proof_by_password_takes_nothing_away(ada, path):
    """The password was entered before there was a second factor, when it was still enough."""
    hers = Browser(ada)
    hers.post("/account/reauthenticate", {"password": PASSWORD})
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    data = {"name": "Phone", "credential": {}}
    passkey = Authenticator.objects.create(user=ada, type="webauthn", data=data)
    before = list(Authenticator.objects.values_list("pk"))
    answer = hers.post(path.format(pk=passkey.pk))
    assert answer["Location"].startswith(AGAIN)
    assert list(Authenticator.objects.values_list("pk")) == before


def test_a_code_given_long_ago_takes_nothing_away(protected):
    hers = Browser(protected)
    hers.post(AGAIN, {"code": current_code()})
    with time_machine.travel(time.time() + 1000, tick=True):
        assert hers.post(REMOVE)["Location"].startswith(AGAIN)
    assert has_app()


def test_a_new_app_signs_the_other_browsers_out(ada):
    here, elsewhere, somebody = Browser(ada), Browser(ada), Browser(UserFactory())
    here.post("/account/reauthenticate", {"password": PASSWORD})
    secret = here.get("/account/second-factor/app").context["form"].secret
    here.post("/account/second-factor/app", {"code": "000000"})
    assert elsewhere.get("/account").status_code == 200
    here.post("/account/second-factor/app", {"code": current_code(secret)})
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == somebody.get("/account").status_code == 200


def test_new_recovery_codes_sign_the_other_browsers_out(protected):
    here, elsewhere = Browser(protected), Browser(protected)
    here.post(AGAIN, {"code": current_code()})
    assert elsewhere.get("/account").status_code == 200
    replaces = here.get("/account/second-factor/codes/new").context["form"].initial["replaces"]
    here.post("/account/second-factor/codes/new", {"replaces": replaces})
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_a_new_passkey_signs_the_other_browsers_out(ada, monkeypatch):
    """This test has no browser to create a passkey, so the form accepts any data."""
    here, elsewhere = Browser(ada), Browser(ada)
    monkeypatch.setattr(AddPasskeyForm, "clean", lambda form: {"name": "Phone", "credential": {}})
    assert elsewhere.get("/account").status_code == 200
    here.post("/account/passkeys/new", {"name": "Phone", "credential": '{"id": "x"}'})
    assert Authenticator.objects.filter(user=ada, type="webauthn").exists()
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_no_other_method_takes_a_passkey_away_unseen(ada):
    """A view that accepted DELETE would skip the mail, the trace and the removal of recovery codes."""
    hers = Browser(ada)
    RecoveryCodes.activate(ada)
    data = {"name": "Phone", "credential": {}}
    passkey = Authenticator.objects.create(user=ada, type="webauthn", data=data)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    hers.post(AGAIN, {"code": code})
    assert hers.delete(f"/account/passkeys/{passkey.pk}/remove").status_code == 405
    assert Authenticator.objects.filter(type="webauthn").exists()
