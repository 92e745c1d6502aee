import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.urls import reverse

from tests.accounts.visiting import mails, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

SECRET = "JBSWY3DPEHPK3PXP"


def current_code(secret=SECRET, *, steps_ago=0):
    """Return the app's code now, or some steps of 30 seconds ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - steps_ago))


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


@pytest.fixture
def protected(ada):
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    return ada


@pytest.fixture
def hers(ada):
    """Ada's signed-in browser; she has just entered her password."""
    browser = Browser(ada)
    browser.post("/account/reauthenticate", {"password": PASSWORD})
    return browser


def test_an_app_is_turned_on_with_its_first_code(hers, django_capture_on_commit_callbacks):
    page = hers.get("/account/second-factor/app").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'copy__value">(\w+)<', page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        answer = hers.post("/account/second-factor/app", {"code": current_code(secret)})
    assert "Your recovery codes" in answer.content.decode()
    assert mails()[0].subject == "Authenticator app turned on"


def test_the_code_of_a_page_that_was_loaded_again_is_still_good(hers, ada):
    first = hers.get("/account/second-factor/app").content.decode()
    secret = re.search(r'copy__value">(\w+)<', first)[1]
    assert secret in hers.get("/account/second-factor/app").content.decode()
    hers.post("/account/second-factor/app", {"code": current_code(secret)})
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


def test_a_secret_that_was_shown_before_the_last_proof_is_not_shown_again(ada):
    """A thief of the session may have seen the secret while the earlier proof was fresh."""
    hers, page = Browser(ada), "/account/second-factor/app"
    seen = hers.get(page).context["form"].secret
    with time_machine.travel(time.time() + 3600, tick=True):
        asked = hers.get(page)["Location"]
        hers.post(asked, {"password": PASSWORD})
        assert hers.get(page).context["form"].secret != seen


def test_a_wrong_first_code_turns_nothing_on(hers, ada):
    hers.get("/account/second-factor/app")
    assert hers.post("/account/second-factor/app", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_a_password_alone_no_longer_signs_in(protected, client):
    answer = sign_in(client)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/account").status_code == 302
    assert "One more step" in client.get("/sign-in/second-factor").content.decode()
    answer = client.post("/sign-in/second-factor", {"code": current_code()})
    assert answer["Location"] == reverse("home")
    assert client.get("/account").status_code == 200


def test_a_wrong_code_signs_nobody_in(protected, client):
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": "000000"}).status_code == 200
    assert client.get("/account").status_code == 302


def test_a_code_that_has_just_changed_in_the_app_is_still_good(protected, client):
    sign_in(client)
    code = current_code(steps_ago=1)
    assert client.post("/sign-in/second-factor", {"code": code}).status_code == 302


def test_a_code_of_the_app_signs_in_once_while_it_is_good(protected, client, stranger):
    code = current_code()
    for browser, late, status in ((client, 0, 302), (stranger, 35, 200)):
        with time_machine.travel(time.time() + late, tick=True):
            sign_in(browser)
            assert browser.post("/sign-in/second-factor", {"code": code}).status_code == status


def test_a_new_password_ends_what_waits_for_the_second_factor(protected, client):
    sign_in(client)
    protected.change_password(password_hash=make_password("eight quiet otters"))
    answer = client.post("/sign-in/second-factor", {"code": current_code()})
    assert answer["Location"] == reverse("account_login")
    assert client.get("/account").status_code == 302


def test_an_old_code_signs_nobody_in(protected, client):
    sign_in(client)
    code = current_code(steps_ago=3)
    assert client.post("/sign-in/second-factor", {"code": code}).status_code == 200


def test_a_recovery_code_signs_in_once(protected, client, stranger):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for browser, status in ((client, 302), (stranger, 200)):
        sign_in(browser)
        assert browser.post("/sign-in/second-factor", {"code": code}).status_code == status


def test_codes_are_not_tried_without_end(protected, client):
    sign_in(client)
    for _ in range(6):
        answer = client.post("/sign-in/second-factor", {"code": "000000"})
    assert "too often" in answer.content.decode()


def test_who_is_slowed_down_stays_so_however_many_others_sign_in(protected, client):
    sign_in(client)
    for _ in range(6):
        client.post("/sign-in/second-factor", {"code": "000000"})
    for number in range(400):  # each sign-in with a second factor leaves such an entry
        cache.set(f"other{number}", [1], timeout=300)
    answer = client.post("/sign-in/second-factor", {"code": current_code()})
    assert "too often" in answer.content.decode()


def test_a_new_password_by_mail_does_not_pass_by_the_second_factor(protected, client):
    client.post("/password/reset", {"email": "ada@example.com"})
    client.post("/password/reset/code", {"code": re.search(r"\d{6}", mails()[0].body)[0]})
    answer = client.post("/password/reset/new", {"password1": "eight quiet otters"})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["second-factor/app/remove", "second-factor/codes/new", "passkeys/new"],
)
def test_changes_ask_who_has_one_for_it_again(protected, path):
    browser = Browser(protected)
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        answer = browser.get(f"/account/{path}", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/reauthenticate/second-factor?next=")
    assert "Use your password" not in answer.content.decode()


def test_who_has_none_yet_is_asked_for_the_password(hers, later):
    answer = hers.get("/account/second-factor/app")
    assert answer["Location"].startswith("/account/reauthenticate?")


def test_the_password_of_who_has_one_proves_nothing(protected):
    hers = Browser(protected)
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        hers.post("/account/reauthenticate", {"password": PASSWORD})
        answer = hers.get("/account/passkeys/new")
    assert answer["Location"].startswith("/account/reauthenticate/second-factor")


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "5", "not json", '{"id": "x"}'])
def test_a_false_passkey_signs_nobody_in(protected, client, credential):
    client.get("/sign-in/passkey", headers={"accept": "application/json"})
    assert client.post("/sign-in/passkey", {"credential": credential})["Location"] == reverse(
        "account_login"
    )
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("credential", ["", "{}", "[]", "not json"])
def test_a_false_passkey_is_not_added(hers, credential):
    hers.get("/account/passkeys/new")
    assert (
        hers.post("/account/passkeys/new", {"name": "Phone", "credential": credential}).status_code
        == 200
    )
    assert not Authenticator.objects.exists()


def test_passkeys_of_others_are_not_there(hers, member):
    theirs = Authenticator.objects.create(
        user=member.user, type="webauthn", data={"name": "Theirs", "credential": {}}
    )
    for path in (f"/account/passkeys/{theirs.pk}", f"/account/passkeys/{theirs.pk}/remove"):
        assert hers.get(path).status_code == 404
        assert hers.post(path, {"name": "Mine"}).status_code == 404
    assert "Theirs" not in hers.get("/account/passkeys").content.decode()
