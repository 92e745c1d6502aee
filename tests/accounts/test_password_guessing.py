"""A password that is easy to guess is refused, at every place that sets one."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import guessing
from accounts.models import Application, User
from tests.accounts.visiting import mails
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"
EASY = [
    " " * 8,
    "\u3000" * 8,
    "a" * 8,
    "x" * 72,
    "ab" * 30,
    "Summer2026!",
    "Sommer2026!",
    "verano-2026",
    "P@ssw0rd2024",
    "qwertyuiop123",
    "12345678901!",
    "Lovelace-1815",
    "Acme Rockets",
    "AcmeRockets1!",
    "acmerockets2026",
    "localhost:8000",
    "password" * 9,
    "abcdefghijklmnop",
]
HARD = [
    PASSWORD,
    "tiger lamp spoon river",
    "hT7wqz1bK0pa",
    "k7#Qp2xv",
    "sieben grüne Bäume",
    "зелёный чайник летает",
    "正しい馬電池ホチキス",
    "4&9!x$2@7%k+5(8",
    "correct horse battery staple " * 30,
]


@pytest.fixture(autouse=True)
def acme():
    Application.objects.current()
    Application.objects.update(name="Acme Rockets")


def fault(password):
    """Return the error codes for the password when Ada chooses it."""
    person = User(email_address=ADA, first_name="Ada", last_name="Lovelace")
    try:
        validate_password(password, user=person)
    except ValidationError as refused:
        return [each.code for each in refused.error_list]
    return []


@pytest.mark.parametrize("password", HARD)
def test_what_is_hard_to_guess_is_accepted(password):
    assert fault(password) == []


@pytest.mark.parametrize("password", EASY)
def test_what_is_easy_to_guess_is_not(password):
    told = fault(password)
    assert {"password_guessable", "password_too_common"}.intersection(told)
    assert len(told) == len(set(told))


def test_the_page_says_so_once(client):
    answer = client.post("/sign-up", {"email_address": ADA, "password": "Summer2026!"})
    assert answer.context["form"].errors["password"] == [
        "This is easy to guess. Choose a few words that do not belong together."
    ]
    assert mails() == []


def test_the_new_applications_name_is_known_before_it_is_stored(client):
    said = {"code": Application.objects.new_set_up_code(), "email_address": ADA}
    said |= {"name": "Quuxly Widgets", "password": "quuxly widgets"}
    answer = client.post(reverse("set_up"), said)
    assert "easy to guess" in answer.text
    assert not User.objects.exists()


def test_the_frontend_api_says_so(client):
    said = {"email_address": ADA, "password": "Summer2026!"}
    answer = client.post("/__clerk/v1/client/sign_ups", said, content_type="application/json")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "form_password_not_strong_enough")
    assert error["meta"]["zxcvbn"]["suggestions"]


def test_the_backend_api_says_so_unless_it_is_told_not_to(api):
    said = {"email_address": [ADA], "password": "Summer2026!"}
    answer = api.post("/v1/users", said, content_type="application/json")
    assert answer.json()["errors"][0]["code"] == "form_password_not_strong_enough"
    said["skip_password_checks"] = True
    assert api.post("/v1/users", said, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    "hostile", ["4@8({[<369|1!70$5+%2" * 50, "1234567890" * 100, "l1|!i" * 200, "é" * 1024]
)
def test_the_estimator_is_given_little_work(monkeypatch, hostile):
    """The estimator tries every letter that each of these signs may stand for: 72 such signs took it a second."""
    seen = []
    zxcvbn = guessing.zxcvbn
    monkeypatch.setattr(
        guessing, "zxcvbn", lambda text, told: seen.append(text) or zxcvbn(text, told)
    )
    fault(hostile)
    assert len(seen) <= 2  # the whole password, and the word inside it
    for text in seen:
        for_letters = len(set(text) & set("4@8({[<369|1!70$5+%2"))
        assert len(text) <= (72 if for_letters <= 6 else 36)
        assert for_letters <= 10
