import time

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from tests.accounts.visiting import code_of, mails, masked, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

NEW = "eight quiet otters"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def ask(client, address="ada@example.com"):
    return client.post("/password/reset", {"email": address})


def test_a_forgotten_password_is_replaced_by_a_mailed_code(ada, client):
    assert ask(client)["Location"] == reverse("account_confirm_password_reset_code")
    answer = client.post("/password/reset/code", {"code": code_of(mails()[0])})
    assert answer["Location"] == reverse("account_complete_password_reset")
    answer = client.post("/password/reset/new", {"password1": NEW})
    assert answer["Location"] == reverse("account_password_reset_completed")
    assert "You can sign in again" in client.get(answer["Location"]).content.decode()
    assert sign_in(client, password=PASSWORD).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302


def test_the_mail_has_the_code_and_no_link(ada, client):
    client.post(
        "/password/reset",
        {"email": "ada@example.com"},
        headers={"host": "localhost", "x-forwarded-host": "evil.example"},
    )
    (mail,) = mails()
    assert mail.to == ["ada@example.com"]
    assert mail.subject == f"{code_of(mail)} is your code for a new password"
    for part in (mail.body, mail.alternatives[0].content):
        assert "evil.example" not in part
        assert "href" not in part


def test_an_unknown_address_gets_no_mail(ada, client):
    ask(client, address="eve@example.com")
    assert mails() == []


def test_known_and_unknown_addresses_get_the_same_pages(ada):
    pages = []
    for address in ("ada@example.com", "eve@example.com"):
        client = Browser()
        answers = [ask(client, address=address), client.get("/password/reset/code")]
        answers += [client.post("/password/reset/code", {"code": "000000"}) for _ in range(3)]
        pages.append(
            [
                (each.status_code, each.get("Location"), masked(each, address=address))
                for each in answers
            ]
        )
    assert pages[0] == pages[1]


def test_no_code_is_right_for_nobody(client, db):
    ask(client, address="eve@example.com")
    for code in ("", " ", "000000"):
        assert client.post("/password/reset/code", {"code": code}).get("Location") in {
            None,
            "/sign-in",
        }


def test_three_wrong_codes_end_it(ada, client):
    ask(client)
    for _ in range(3):
        answer = client.post("/password/reset/code", {"code": "000000"})
    assert answer["Location"] == reverse("account_login")
    assert client.post("/password/reset/code", {"code": code_of(mails()[0])})[
        "Location"
    ] == reverse("account_login")


def test_a_code_is_good_for_ten_minutes(ada, client):
    ask(client)
    with time_machine.travel(time.time() + 590):
        answer = client.post("/password/reset/code", {"code": code_of(mails()[0])})
    assert answer["Location"] == reverse("account_complete_password_reset")


def test_who_comes_too_late_is_told_so(ada, client):
    ask(client)
    with time_machine.travel(time.time() + 610):
        answer = client.post("/password/reset/code", {"code": code_of(mails()[0])}, follow=True)
    assert "This took too long" in answer.text


def test_who_has_chosen_one_and_was_not_told_is_told_now(ada, client, stranger):
    answer = stranger.post("/password/reset/new", {"password1": NEW}, follow=True)
    assert "the password you have just chosen" in answer.text


def test_a_code_may_be_pasted_with_its_spaces(ada, client):
    ask(client)
    assert 'maxlength="12"' in client.get("/password/reset/code").text
    code = code_of(mails()[0])
    answer = client.post("/password/reset/code", {"code": f" {code[:3]} {code[3:]}"})
    assert answer["Location"] == reverse("account_complete_password_reset")


def test_a_bad_address_is_told_so(db, client):
    answer = ask(client, address="mi\u212ae@example.com")
    assert answer.context["form"].errors["email"]


def test_another_browser_cannot_use_the_code(ada, client, stranger):
    ask(client)
    assert stranger.post("/password/reset/code", {"code": code_of(mails()[0])})[
        "Location"
    ] == reverse("account_login")
    assert stranger.get("/password/reset/new")["Location"] == reverse("account_reset_password")


def test_nobody_skips_the_code(ada, client):
    ask(client)
    assert client.post("/password/reset/new", {"password1": NEW})["Location"] == reverse(
        "account_confirm_password_reset_code"
    )


def test_codes_for_one_mailbox_are_counted_however_it_is_spelt(ada, client):
    for number in range(12):
        answer = ask(client, address="ada@example.com" if number % 2 else "ADA@example.com")
    assert answer.status_code == 429
    assert len(mails()) < 12


def test_a_reset_ends_every_session(ada, client):
    elsewhere = Browser(ada)
    ask(client)
    client.post("/password/reset/code", {"code": code_of(mails()[0])})
    client.post("/password/reset/new", {"password1": NEW})
    assert elsewhere.get("/account").status_code == 302


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
