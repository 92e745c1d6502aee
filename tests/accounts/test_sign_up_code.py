import re
import time

import pytest
import time_machine
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import handles
from accounts.models import Application, CodeRefused, SignUp, User
from config.crypto import unseal
from invitations.models import Message, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db

SAID = {"email_address": "Eve@Example.com", "password": PASSWORD, "first_name": "Eve"}


def newest_mail():
    return unseal(Message.objects.latest("id").sealed_body)


def mailed_code():
    return re.search(r"\b\d{6}\b", newest_mail())[0]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_stranger_proves_the_address_with_the_mailed_code(stranger):
    page = stranger.post("/sign-up", SAID, follow=True)
    assert page.redirect_chain == [("/sign-up/code", 302)]
    assert "eve@example.com" in page.text
    assert not User.objects.exists()

    answer = stranger.post("/sign-up/code", {"code": mailed_code()}, follow=True)

    assert "You are in" in answer.text
    user = User.objects.get()
    assert (user.email_address, user.first_name, user.signup_grant) == (
        "eve@example.com",
        "Eve",
        "public",
    )
    assert user.check_password(PASSWORD)
    assert get_user(stranger) == user


def test_codes_may_be_typed_with_spaces(stranger):
    stranger.post("/sign-up", SAID)
    code = mailed_code()
    stranger.post("/sign-up/code", {"code": f" {code[:3]} {code[3:]}"})
    assert User.objects.exists()


def test_a_wrong_code_is_refused_and_may_be_corrected(stranger):
    stranger.post("/sign-up", SAID)
    assert "not the code" in stranger.post("/sign-up/code", {"code": wrong(mailed_code())}).text
    stranger.post("/sign-up/code", {"code": mailed_code()})
    assert User.objects.exists()


def test_five_wrong_codes_end_a_code(stranger):
    stranger.post("/sign-up", SAID)
    for _ in range(5):
        page = stranger.post("/sign-up/code", {"code": wrong(mailed_code())})
    assert "one wrong code too many" in page.text
    stranger.post("/sign-up/code", {"code": mailed_code()})
    assert not User.objects.exists()


def test_a_code_lives_ten_minutes(stranger):
    stranger.post("/sign-up", SAID)
    SignUp.objects.update(code_sent_at="2020-01-01T00:00Z")
    page = stranger.post("/sign-up/code", {"code": mailed_code()})
    assert "too old" in page.text
    assert not User.objects.exists()


def test_a_new_code_can_be_asked_for_after_half_a_minute(stranger):
    stranger.post("/sign-up", SAID)
    assert "30 seconds" in stranger.post("/sign-up/code/again", follow=True).text
    assert Message.objects.count() == 1
    old = mailed_code()
    SignUp.objects.update(code_sent_at="2020-01-01T00:00Z")
    assert "on its way" in stranger.post("/sign-up/code/again", follow=True).text
    assert Message.objects.count() == 2
    if mailed_code() != old:
        stranger.post("/sign-up/code", {"code": old})
        assert not User.objects.exists()


def test_a_code_is_for_one_account_only(stranger):
    stranger.post("/sign-up", SAID)
    code, handle = mailed_code(), stranger.get("/sign-up/code").context["handle"]
    stranger.post("/sign-up/code", {"code": code})
    Client().post("/sign-up/code", {"code": code, "handle": handle})
    assert User.objects.count() == 1


def test_restricted_mode_stops_a_code_that_is_on_its_way(stranger):
    stranger.post("/sign-up", SAID)
    Application.objects.update(sign_up_mode="restricted")
    answer = stranger.post("/sign-up/code", {"code": mailed_code()}, follow=True)
    assert "You need an invitation" in answer.text
    assert not User.objects.exists()


def test_a_known_address_gets_the_same_pages_and_a_mail_that_says_so(stranger):
    UserFactory(email_address="eve@example.com")
    page = stranger.post("/sign-up", SAID, follow=True)
    assert page.redirect_chain == [("/sign-up/code", 302)]
    assert "already have" in newest_mail()
    assert not re.search(r"\b\d{6}\b", newest_mail())
    assert "not the code" in stranger.post("/sign-up/code", {"code": "123456"}).text


def test_that_mail_goes_once_a_day(stranger):
    UserFactory(email_address="eve@example.com")
    for _ in range(3):
        stranger.post("/sign-up", SAID)
    assert Message.objects.count() == 1


def test_the_code_is_in_no_table(stranger):
    stranger.post("/sign-up", SAID)
    code = mailed_code()
    rows = [*SignUp.objects.values(), *Message.objects.values()]
    assert code not in str(
        [{k: v for k, v in row.items() if k not in {"id", "message_id"}} for row in rows]
    )


def test_an_unfinished_sign_up_dies_when_the_invited_person_accepts(stranger):
    stranger.post("/sign-up", SAID)  # another visitor's attempt
    code = mailed_code()
    invited = Client()
    ticket = Ticket.objects.mint(InvitationFactory(email_address="eve@example.com"), channel="mail")
    invited.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    invited.post("/sign-up", {"password": "the invited one's own"})

    stranger.post("/sign-up/code", {"code": code})

    assert not get_user(stranger).is_authenticated
    assert User.objects.get().check_password("the invited one's own")
    assert not SignUp.objects.exists()


def test_a_shared_link_needs_the_code_too(stranger):
    invitation = InvitationFactory(email_address="ada@example.com", public_metadata={"a": 1})
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")
    ticket = Ticket.objects.mint(invitation, channel="shared")
    page = stranger.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    assert "Verified" not in page.text
    stranger.post("/sign-up", {"password": PASSWORD}, follow=True)
    assert not User.objects.exists()
    stranger.post("/sign-up/code", {"code": mailed_code()})
    assert User.objects.get().signup_invitation == invitation
    assert User.objects.get().public_metadata == {"a": 1}


def test_who_goes_back_from_the_code_keeps_the_invitation(stranger):
    invitation = InvitationFactory(email_address="ada@example.com")
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")
    ticket = Ticket.objects.mint(invitation, channel="shared")
    stranger.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    stranger.post("/sign-up", {"password": PASSWORD}, follow=True)
    page = stranger.get("/sign-up")
    assert page.context["form"].address == "ada@example.com"
    assert "ada@example.com" in page.text


def test_who_has_finished_and_was_not_told_is_led_to_sign_in(stranger):
    stranger.post("/sign-up", SAID)
    handle, code = stranger.cookies["sign-up_8000"].value, mailed_code()
    stranger.post("/sign-up/code", {"code": code})
    unaware = Client()  # the same browser, without the cookies of the lost response
    page = unaware.post("/sign-up/code", {"code": code, "handle": handle}, follow=True)
    assert "You have signed up already" in page.text


def test_a_form_whose_invitation_is_erased_was_not_open_too_long(stranger):
    ticket = Ticket.objects.mint(InvitationFactory(), channel="mail")
    page = stranger.get(f"/v1/tickets/accept?ticket={ticket}", follow=True)
    said = {"handle": page.context["handle"], "password": PASSWORD}
    Ticket.objects.all().delete()
    assert stranger.post("/sign-up", said)["Location"] == "/sign-up"


@pytest.mark.parametrize("path", ["/sign-up", "/sign-up/code", "/sign-up/code/again"])
def test_a_form_open_for_too_long_says_so(stranger, path):
    stranger.post("/sign-up", SAID)
    handle = stranger.cookies["sign-up_8000"].value
    with time_machine.travel(time.time() + handles.MAX_AGE + 1):
        page = stranger.post(path, SAID | {"handle": handle, "code": "000000"}, follow=True)
    assert "open too long" in page.text


def test_abandoned_sign_ups_are_forgotten_after_a_day(stranger):
    stranger.post("/sign-up", SAID)
    SignUp.objects.forget_abandoned()
    assert SignUp.objects.exists()
    SignUp.objects.update(created_at="2020-01-01T00:00Z")
    SignUp.objects.forget_abandoned()
    assert not SignUp.objects.exists()


def test_impatience_uses_up_no_codes(stranger):
    stranger.post("/sign-up", SAID)
    for _ in range(6):
        assert "30 seconds" in stranger.post("/sign-up/code/again", follow=True).text
    SignUp.objects.update(code_sent_at="2020-01-01T00:00Z")
    assert "on its way" in stranger.post("/sign-up/code/again", follow=True).text


def test_a_sign_up_that_vanishes_while_its_code_is_checked_is_done(stranger, monkeypatch):
    stranger.post("/sign-up", SAID)
    sign_up = SignUp.objects.get()
    SignUp.objects.all().delete()
    with pytest.raises(CodeRefused) as closed:
        sign_up.check_code("123456")
    assert closed.value.reason == "done"


def test_a_known_address_costs_what_an_unknown_one_does(stranger, django_assert_num_queries):
    Application.objects.current()
    with CaptureQueriesContext(connection) as unknown:
        stranger.post("/sign-up", SAID)
    UserFactory(email_address="known@example.com")
    with django_assert_num_queries(len(unknown)):
        Client().post("/sign-up", {**SAID, "email_address": "known@example.com"})


def test_who_signs_up_once_more_on_the_same_day_is_told_by_mail(stranger, client):
    stranger.post("/sign-up", SAID)
    stranger.post("/sign-up/code", {"code": mailed_code()})
    client.post("/sign-up", SAID)
    assert "You already have an account" in newest_mail()
