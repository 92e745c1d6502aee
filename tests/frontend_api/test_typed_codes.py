"""A code is accepted in every form in which people type or paste it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from accounts.forms import CodeForm
from accounts.models.mailed_code import TYPED_LENGTH, as_digits
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, UserFactory
from tests.frontend_api.signing_in import ADA, attempt, begin, newest_code

_SCRIPTS = {"full-width": "\uff10", "Arabic-Indic": "\u0660", "Devanagari": "\u0966"}
_SPACED = [
    "{}{}{} {}{}{}",
    "{}{}{}\u00a0{}{}{}",
    "{}-{}\u2013{}\u2011{} {}\t{}\u200b",
    "\ufeff {}{}{}{}{}{}\u2060 ",
]


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA)


@pytest.fixture
def protected(ada):
    TOTP.activate(ada, SECRET)
    return ada


def written(code, script):
    return "".join(chr(ord(_SCRIPTS[script]) + int(digit)) for digit in code)


@pytest.mark.parametrize("script", _SCRIPTS)
def test_digits_of_any_script_are_the_same_code(script):
    assert as_digits(written("042137", script)) == "042137"


@pytest.mark.parametrize("pattern", _SPACED)
def test_what_stands_between_digits_is_no_part_of_a_code(pattern):
    assert as_digits(pattern.format(*"042137")) == "042137"


@pytest.mark.parametrize(
    "other", ["04213", "0421377", "04213x", "\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2", "\u2167" * 6]
)
def test_nothing_else_is_six_digits(other):
    assert not CodeForm({"code": other}).is_valid()


def test_a_field_has_room_for_all_of_it():
    assert f'maxlength="{TYPED_LENGTH}"' in str(CodeForm()["code"])
    assert len(_SPACED[2].format(*"042137")) * 2 <= TYPED_LENGTH


@pytest.mark.parametrize("script", _SCRIPTS)
def test_an_application_takes_them_too(browser, ada, script):
    begun = begin(browser, strategy="email_code")
    done = attempt(browser, begun, code=written(newest_code(), script))
    assert done.json()["response"]["status"] == "complete"


@pytest.mark.parametrize("script", _SCRIPTS)
def test_an_authenticators_code_may_be_written_so_too(protected, client, script):
    sign_in(client)
    answer = client.post("/sign-in/second-factor", {"code": written(current_code(), script)})
    assert answer["Location"] == "/"


def test_an_application_takes_an_authenticators_code_so_too(protected, browser):
    begun = begin(browser, password=PASSWORD).json()["response"]
    path = f"client/sign_ins/{begun['id']}/attempt_second_factor"
    done = browser.post(path, strategy="totp", code=written(current_code(), "full-width"))
    assert done.json()["response"]["status"] == "complete"
