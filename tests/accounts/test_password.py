import pytest
from django.urls import reverse

from accounts.models import User
from tests.accounts.visiting import mails
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def test_changing_it_ends_other_sessions_and_keeps_this_one(ada, client):
    here, elsewhere = Browser(ada), Browser(ada)
    elsewhere.get("/account")
    answer = here.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW})
    assert answer["Location"] == reverse("account")
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account")["Location"].startswith("/sign-in")
    assert "Only this one" in here.get("/account").content.decode()
    assert mails()[-1].subject == "Your password is changed"


def test_the_notice_says_nothing_hostile(ada, client):
    here = Browser(ada)
    here.post(
        "/account/password",
        {"oldpassword": PASSWORD, "password1": NEW},
        headers={"user-agent": "https://evil.example"},
    )
    assert "evil" not in mails()[-1].body
    assert "127.0.0.1" in mails()[-1].body


def test_the_old_password_must_be_known(ada):
    here = Browser(ada)
    answer = here.post("/account/password", {"oldpassword": "wrong", "password1": NEW})
    assert "This is not your password" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize("weak", ["short", "password", "ada@example.com", "x" * 1025])
def test_a_weak_password_is_refused(ada, weak):
    answer = Browser(ada).post("/account/password", {"oldpassword": PASSWORD, "password1": weak})
    assert answer.context["form"].errors["password1"]


def test_who_has_none_chooses_one(db):
    browser = Browser(UserFactory(email_address="kim@example.com", password=None))
    assert browser.get("/account/password")["Location"] == reverse("account_set_password")
    browser.post("/account/password/set", {"password1": NEW})
    assert User.objects.get().check_password(NEW)
