from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import SignIn, User
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import code_of, mails
from tests.factories import UserFactory

ASK, CODE = "/sign-in/with-code", "/sign-in/code"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def ask(client, **more):
    return client.post(ASK, {"email": "ada@example.com", **more})


def newest_code():
    return code_of(mails()[-1])


def test_a_mailed_code_signs_in(ada, client):
    assert ASK in client.get("/sign-in").text
    assert ask(client)["Location"] == CODE
    assert mails()[0].subject == f"{newest_code()} is your code to sign in to Ollio"
    assert client.post(CODE, {"code": newest_code()})["Location"] == "/"
    assert get_user(client) == ada


def test_it_needs_no_password(db, client):
    user = UserFactory(email_address="ada@example.com", password=None)
    ask(client)
    client.post(CODE, {"code": newest_code()})
    assert get_user(client) == user


def test_the_second_factor_is_asked_for_as_well(ada, client):
    TOTP.activate(ada, SECRET)
    ask(client)
    assert client.post(CODE, {"code": newest_code()})["Location"] == "/sign-in/second-factor"
    assert not get_user(client).is_authenticated
    client.post("/sign-in/second-factor", {"code": current_code()})
    assert get_user(client) == ada


def test_a_password_that_changes_before_the_second_factor_ends_it(ada, client):
    TOTP.activate(ada, SECRET)
    ask(client)
    client.post(CODE, {"code": newest_code()})
    ada.change_password(password_hash=make_password("nine brave badgers"))
    answer = client.post("/sign-in/second-factor", {"code": current_code()})
    assert answer["Location"] == "/sign-in"
    assert not get_user(client).is_authenticated


def test_it_leads_on_to_where_one_wanted_to_go(ada, client):
    assert f"{ASK}?next=/account" in client.get("/sign-in?next=/account").text
    assert 'name="next" value="/account"' in client.get(f"{ASK}?next=/account").text
    assert ask(client, next="/account")["Location"] == f"{CODE}?next=%2Faccount"
    assert 'name="next" value="/account"' in client.get(f"{CODE}?next=%2Faccount").text
    answer = client.post(CODE, {"code": newest_code(), "next": "/account"})
    assert answer["Location"] == "/account"


def test_it_leads_to_no_other_site(ada, client):
    ask(client, next="https://evil.example")
    answer = client.post(CODE, {"code": newest_code(), "next": "https://evil.example"})
    assert answer["Location"] == "/"


def test_who_is_signed_in_has_no_need_of_it(member):
    for path in (ASK, CODE):
        assert member.get(path)["Location"] == "/"


def test_a_wrong_code_signs_nobody_in(ada, client):
    ask(client)
    assert "This is not the code." in client.post(CODE, {"code": "000000"}).text
    assert not get_user(client).is_authenticated


def test_a_code_signs_in_once(ada, client, stranger):
    ask(client)
    handle, code = client.get(CODE).context["handle"], newest_code()
    client.post(CODE, {"code": code})
    assert stranger.post(CODE, {"code": code, "handle": handle})["Location"] == ASK
    assert not get_user(stranger).is_authenticated


def test_a_code_is_good_in_its_own_browser_only(ada, client, stranger):
    ask(client)
    assert stranger.post(CODE, {"code": newest_code()})["Location"] == ASK


def test_the_form_wins_over_the_cookie_so_that_two_tabs_work(ada, client):
    other = UserFactory(email_address="eve@example.com")
    client.post(ASK, {"email": "eve@example.com"})
    handle, code = client.get(CODE).context["handle"], newest_code()
    ask(client)
    client.post(CODE, {"code": code, "handle": handle})
    assert get_user(client) == other


def test_a_code_for_a_new_password_signs_nobody_in(ada, client):
    client.post("/password/reset", {"email": "ada@example.com"})
    assert client.post(CODE, {"code": newest_code()})["Location"] == ASK
    assert client.post(f"{CODE}/again")["Location"] == ASK
    assert not get_user(client).is_authenticated


def test_a_new_code_ends_the_old_one(ada, client):
    ask(client)
    former = newest_code()
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31))
    client.post(f"{CODE}/again")
    if former != newest_code():
        assert client.post(CODE, {"code": former}).status_code == 200
    assert client.post(CODE, {"code": newest_code()}).status_code == 302


def test_a_mailbox_that_was_given_up_meanwhile_opens_nothing(ada, client):
    ask(client)
    ada.move_to("elsewhere@example.com")
    client.post(CODE, {"code": newest_code()})
    assert not get_user(client).is_authenticated


def test_whoever_is_erased_meanwhile_is_nobody(ada, client):
    ask(client)
    code = newest_code()
    User.objects.get().erase(by=None)
    assert client.post(CODE, {"code": code})["Location"] == ASK


@pytest.mark.parametrize(("verb", "told"), [("ban", "is closed"), ("lock", "is locked")])
def test_the_right_code_is_told_why_it_opens_nothing(ada, client, verb, told):
    ask(client)
    getattr(ada, verb)(by=None)
    assert told in client.post(CODE, {"code": newest_code()}, follow=True).text
    assert not get_user(client).is_authenticated


def test_a_client_begins_ten_a_minute(ada, client, still_windows):
    answers = [client.post(ASK, {"email": f"user{n}@example.com"}).status_code for n in range(11)]
    assert answers == [302] * 10 + [429]
    assert SignIn.objects.count() == 10
