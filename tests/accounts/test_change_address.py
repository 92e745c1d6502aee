from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import AddressChange, User
from tests.accounts.visiting import change_address, code_of, mails
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory

NEW, CODE = "max@new.example", "/account/email/code"
ACTIONS = ["action_primary", "action_remove", "action_send"]


def address_of(browser):
    return User.objects.get(pk=browser.user.pk).email_address


def test_the_address_is_changed_by_a_code_sent_to_the_new_one(member):
    assert change_address(member, to="Max@Bücher.example")["Location"] == CODE
    assert mails()[0].to == ["max@xn--bcher-kva.example"]
    assert mails()[0].subject.endswith("is your code to make this your address at Ollio")
    assert address_of(member) == "max@example.com"
    answer = member.post(CODE, {"code": code_of(mails()[0])}, follow=True)
    assert answer.redirect_chain == [("/account", 302)]
    assert "Your address is max@xn--bcher-kva.example now." in answer.text
    user = User.objects.get(pk=member.user.pk)
    assert user.email_address == user.email_key == "max@xn--bcher-kva.example"
    (row,) = EmailAddress.objects.filter(user=user)
    assert (row.email, row.verified, row.primary) == (user.email_address, True, True)


def test_it_wants_a_recent_proof_of_who_one_is(member, later):
    answer = member.post("/account/email", {"new_address": NEW})
    assert answer["Location"].startswith("/account/reauthenticate")
    assert not AddressChange.objects.exists()


def test_the_old_address_is_told(member):
    change_address(member, to=NEW)
    member.post(CODE, {"code": code_of(mails()[0])})
    assert mails()[1].to == ["max@example.com"]
    assert "from max@example.com to max@new.example" in mails()[1].body


def test_a_wrong_code_changes_nothing(member):
    change_address(member, to=NEW)
    assert "This is not the code." in member.post(CODE, {"code": "000000"}).text
    assert address_of(member) == "max@example.com"


def test_five_wrong_codes_end_a_code(member):
    change_address(member, to=NEW)
    for _ in range(5):
        page = member.post(CODE, {"code": "000000"})
    assert "one wrong code too many" in page.text
    member.post(CODE, {"code": code_of(mails()[0])})
    assert address_of(member) == "max@example.com"


def test_a_code_changes_it_once(member):
    change_address(member, to=NEW)
    handle, code = member.get(CODE).context["handle"], code_of(mails()[0])
    member.post(CODE, {"code": code})
    answer = member.post(CODE, {"code": code, "handle": handle}, follow=True)
    assert "Ask for a new code" in answer.text


def test_a_new_code_may_be_asked_for_after_half_a_minute(member):
    change_address(member, to=NEW)
    assert "30 seconds" in member.post(f"{CODE}/again", follow=True).text
    AddressChange.objects.update(code_sent_at=timezone.now() - timedelta(seconds=31))
    assert "a new one is on its way" in member.post(f"{CODE}/again", follow=True).text
    member.post(CODE, {"code": code_of(mails()[1])})
    assert address_of(member) == NEW


def test_only_whoever_began_it_goes_on_with_it(member, operator):
    change_address(member, to=NEW)
    said = {"handle": member.get(CODE).context["handle"], "code": code_of(mails()[0])}
    assert operator.post(CODE, said)["Location"] == "/account/email"
    assert operator.post(f"{CODE}/again", said)["Location"] == "/account/email"
    assert {address_of(member), address_of(operator)} == {"max@example.com", "olga@example.com"}


def test_the_address_of_somebody_else_gets_the_same_answer_and_no_mail(member):
    UserFactory(email_address="eve@example.com")
    taken = change_address(member, to="eve@example.com")
    assert mails() == []
    free = change_address(member, to=NEW)
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])


def test_an_address_that_meanwhile_belongs_to_another_is_refused(member):
    change_address(member, to=NEW)
    UserFactory(email_address=NEW)
    answer = member.post(CODE, {"code": code_of(mails()[0])})
    assert "belongs to another account" in answer.text
    assert address_of(member) == "max@example.com"


@pytest.mark.parametrize("own", ["max@example.com", "Max@second.example"])
def test_an_address_of_ones_own_is_no_new_one(db, own):
    browser = Browser(
        UserFactory(email_address="max@example.com", further_addresses=["max@second.example"])
    )
    browser.post("/account/reauthenticate", {"password": PASSWORD})
    answer = browser.post("/account/email", {"new_address": own})
    assert "your address already" in answer.text
    assert mails() == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("whose", ["max@example.com", "max@second.example", "eve@example.com"])
def test_what_allauth_would_do_with_an_address_does_nothing(db, action, whose):
    user = UserFactory(email_address="max@example.com", further_addresses=["max@second.example"])
    UserFactory(email_address="eve@example.com")
    browser = Browser(user)
    browser.post("/account/reauthenticate", {"password": PASSWORD})
    rows = list(EmailAddress.objects.order_by("pk").values())
    answer = browser.post("/account/email", {action: "", "email": whose})
    assert answer.status_code == 200
    assert list(EmailAddress.objects.order_by("pk").values()) == rows
    assert mails() == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_allauth_would_verify_does_nothing(member, method):
    change_address(member, to=NEW)
    answer = getattr(member, method)("/sign-in/verify", {"code": code_of(mails()[0])})
    assert answer["Location"] == "/sign-in"
    assert address_of(member) == "max@example.com"


def test_a_mailbox_gets_five_codes_an_hour_whoever_asks(member, still_windows):
    for _ in range(5):
        assert change_address(member, to=NEW).status_code == 302
    assert member.post("/account/email", {"new_address": NEW}).status_code == 429
    assert len(mails()) == 5


def test_abandoned_changes_are_forgotten(member):
    change_address(member, to=NEW)
    AddressChange.objects.forget_abandoned()
    assert AddressChange.objects.exists()
    AddressChange.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    AddressChange.objects.forget_abandoned()
    assert not AddressChange.objects.exists()
