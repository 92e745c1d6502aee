from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from accounts.models import SignIn
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import code_of, mails, masked, sign_in
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

NEW = "eight quiet otters"
CODE, CHOOSE = "/password/reset/code", "/password/reset/new"


@pytest.fixture
def ada(db):
    return UserFactory(email_address="ada@example.com")


def ask(client, address="ada@example.com"):
    return client.post("/password/reset", {"email": address})


def prove(client):
    ask(client)
    return client.post(CODE, {"code": code_of(mails()[-1])})


def choose(client, password=NEW):
    return client.post(CHOOSE, {"password1": password})


def test_a_forgotten_password_is_replaced_by_a_mailed_code(ada, client):
    assert ask(client)["Location"] == CODE
    answer = client.post(CODE, {"code": code_of(mails()[0])})
    assert answer["Location"] == CHOOSE
    answer = choose(client)
    assert answer["Location"] == reverse("home")
    assert get_user(client) == ada
    assert "Your password is changed." in client.get("/account").text
    assert sign_in(Browser(), password=PASSWORD).status_code == 200
    assert sign_in(Browser(), password=NEW).status_code == 302


def test_the_second_factor_is_asked_for_then(ada, client):
    TOTP.activate(ada, SECRET)
    prove(client)
    assert choose(client)["Location"] == "/sign-in/second-factor"
    assert not get_user(client).is_authenticated
    client.post("/sign-in/second-factor", {"code": current_code()})
    assert get_user(client) == ada


def test_it_leads_on_to_where_one_wanted_to_go(ada, client):
    answer = client.post("/password/reset", {"email": "ada@example.com", "next": "/account"})
    assert answer["Location"] == f"{CODE}?next=%2Faccount"
    answer = client.post(CODE, {"code": code_of(mails()[0]), "next": "/account"})
    assert answer["Location"] == f"{CHOOSE}?next=%2Faccount"
    answer = client.post(CHOOSE, {"password1": NEW, "next": "/account"})
    assert answer["Location"] == "/account"


def test_it_leads_to_no_other_site(ada, client):
    answer = client.post(
        "/password/reset", {"email": "ada@example.com", "next": "https://evil.example"}
    )
    assert answer["Location"] == CODE


def test_the_mail_has_the_code_and_no_link(ada, client):
    headers = {"host": "localhost", "x-forwarded-host": "evil.example"}
    client.post("/password/reset", {"email": "ada@example.com"}, headers=headers)
    (mail,) = mails()
    assert mail.to == ["ada@example.com"]
    assert mail.subject == f"{code_of(mail)} is your code for a new password of Ollio"
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
        answers = [ask(client, address=address), client.get(CODE)]
        answers += [client.post(CODE, {"code": "000000"}) for _ in range(5)]
        pages.append(
            [(a.status_code, a.get("Location"), masked(a, address=address)) for a in answers]
        )
    assert pages[0] == pages[1]


def test_no_code_is_right_for_nobody(client, db):
    ask(client, address="eve@example.com")
    for code in ("", " ", "000000", "424242"):
        assert client.post(CODE, {"code": code}).status_code == 200


def test_five_wrong_codes_end_a_code(ada, client):
    ask(client)
    for _ in range(5):
        page = client.post(CODE, {"code": "000000"})
    assert "one wrong code too many" in page.text
    assert client.post(CODE, {"code": code_of(mails()[0])}).status_code == 200


def test_a_new_code_may_be_asked_for_after_half_a_minute(ada, client):
    ask(client)
    assert "30 seconds" in client.post(f"{CODE}/again", follow=True).text
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31), tries=5)
    assert "a new one is on its way" in client.post(f"{CODE}/again", follow=True).text
    assert client.post(CODE, {"code": code_of(mails()[1])})["Location"] == CHOOSE


def test_who_comes_too_late_is_told_so(ada, client):
    ask(client)
    SignIn.objects.update(code_sent_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert "too old" in client.post(CODE, {"code": code_of(mails()[0])}).text


def test_an_hour_later_it_is_over(ada, client):
    ask(client)
    SignIn.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    answer = client.post(CODE, {"code": code_of(mails()[0])}, follow=True)
    assert answer.redirect_chain == [("/password/reset", 302)]
    assert "Ask for a new code" in answer.text


def test_who_has_chosen_one_and_was_not_told_is_told_now(ada, client, stranger):
    answer = choose(stranger)
    assert answer["Location"] == "/sign-in"
    assert "the password you have just chosen" in stranger.get("/sign-in").text


def test_a_bad_address_is_told_so(db, client):
    answer = ask(client, address="mi\u212ae@example.com")
    assert answer.context["form"].errors["email"]


def test_another_browser_cannot_use_the_code(ada, client, stranger):
    ask(client)
    assert stranger.post(CODE, {"code": code_of(mails()[0])})["Location"] == "/password/reset"
    assert stranger.get(CHOOSE)["Location"] == "/password/reset"


def test_nobody_skips_the_code(ada, client):
    ask(client)
    handle = client.get(CODE).context["handle"]
    answer = client.post(CHOOSE, {"password1": NEW, "handle": handle})
    assert answer["Location"] == "/sign-in"
    assert sign_in(Browser(), password=PASSWORD).status_code == 302


def test_whoever_knew_the_handle_before_the_code_was_typed_knows_nothing_now(ada, client, stranger):
    ask(client)
    planted = client.get(CODE).context["handle"]
    client.post(CODE, {"code": code_of(mails()[0])})
    for path in (CODE, CHOOSE):
        stranger.post(path, {"handle": planted, "code": code_of(mails()[0]), "password1": NEW})
    assert not get_user(stranger).is_authenticated
    assert sign_in(Browser(), password=PASSWORD).status_code == 302


def test_a_code_to_sign_in_is_no_leave_to_choose(ada, client):
    client.post("/sign-in/with-code", {"email": "ada@example.com"})
    handle = client.get("/sign-in/code").context["handle"]
    answer = client.post(CODE, {"code": code_of(mails()[0]), "handle": handle})
    assert answer["Location"] == "/password/reset"
    assert choose(client)["Location"] == "/sign-in"


def test_codes_for_one_mailbox_are_counted_however_it_is_spelt(ada, client, still_windows):
    for number in range(6):
        answer = ask(client, address="ada@example.com" if number % 2 else "ADA@example.com")
    assert answer.status_code == 429
    assert len(mails()) == 5


def test_a_reset_ends_every_session_and_begins_one(ada):
    here, elsewhere = Browser(ada), Browser(ada)
    prove(here)
    choose(here)
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert "Only this one" in here.get("/account").text


def test_who_is_signed_in_as_somebody_else_is_so_no_more(ada, member):
    prove(member)
    choose(member)
    assert get_user(member) == ada


def test_the_owner_is_told(ada, client):
    prove(client)
    choose(client)
    assert mails()[-1].subject == "Your password is changed"


@pytest.mark.parametrize("weak", ["short", "password", "ada@example.com", "x" * 1025])
def test_a_weak_password_is_refused_and_a_better_one_may_follow(ada, client, weak):
    prove(client)
    assert choose(client, weak).context["form"].errors["password1"]
    assert choose(client)["Location"] == reverse("home")


def test_a_password_is_chosen_once(ada, client):
    prove(client)
    handle = client.get(CHOOSE).context["handle"]
    choose(client)
    again = Browser()
    answer = again.post(CHOOSE, {"password1": "nine brave badgers", "handle": handle})
    assert answer["Location"] == "/sign-in"
    assert sign_in(Browser(), password=NEW).status_code == 302


@pytest.mark.parametrize(("verb", "told"), [("ban", "is closed"), ("lock", "is locked")])
def test_whoever_is_shut_out_is_told_so_by_the_right_code_alone(ada, client, verb, told):
    ask(client)
    getattr(ada, verb)(by=None)
    assert "not the code" in client.post(CODE, {"code": "000000"}).text
    assert told in client.post(CODE, {"code": code_of(mails()[0])}, follow=True).text


@pytest.mark.parametrize(("verb", "told"), [("ban", "is closed"), ("lock", "is locked")])
def test_whoever_is_shut_out_meanwhile_chooses_nothing(ada, client, verb, told):
    prove(client)
    getattr(ada, verb)(by=None)
    answer = client.post(CHOOSE, {"password1": NEW}, follow=True)
    assert told in answer.text
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_nothing_of_it_is_kept_in_a_session(ada, client):
    prove(client)
    assert "ollio_session_8000" not in client.cookies
