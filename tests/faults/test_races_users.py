"""Two operators at one user's page at the same time."""

from functools import partial

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import Grant, User
from tests.factories import UserFactory
from tests.faults.conftest import ROUNDS

FEWER = max(1, ROUNDS // 2)


def signed_in(user):
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


@pytest.fixture
def operators(world):
    return [signed_in(UserFactory(operator=True)) for _ in range(2)]


def posting(browser, path, fields=None):
    return lambda: browser.post(path, fields or {})


def test_of_two_who_save_metadata_at_once_one_is_shown_the_others(operators, gate, audit):
    ada = UserFactory()
    path = f"/users/{ada.pk}/metadata"
    for number in range(FEWER):
        shown = operators[0].get(path).context["form"].fingerprint
        typed = [f'{{"round": {number}, "by": {index}}}' for index in range(2)]
        answers = gate(
            [
                posting(browser, path, {"private_metadata": text, "shown": shown})
                for browser, text in zip(operators, typed, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        winner = [answer.status_code for answer in answers].index(302)
        assert User.objects.get(pk=ada.pk).private_metadata == {"round": number, "by": winner}
    audit()


def test_two_who_delete_at_once_delete_once(operators, gate, audit):
    for _ in range(FEWER):
        path = f"/users/{UserFactory().pk}/delete"
        answers = gate([posting(browser, path) for browser in operators])
        assert {answer.status_code for answer in answers} <= {302, 404}
    audit()


def test_of_two_admins_who_ban_each_other_one_stays(world, gate, audit):
    for _ in range(FEWER):
        User.objects.filter(is_superuser=True).update(is_superuser=False, is_staff=False)
        ada, ben = UserFactory(admin=True), UserFactory(admin=True)
        browsers = [signed_in(ada), signed_in(ben)]
        victims = [ben, ada]
        answers = gate(
            [
                posting(browser, f"/users/{victim.pk}/ban")
                for browser, victim in zip(browsers, victims, strict=True)
            ]
        )
        assert {answer.status_code for answer in answers} <= {302, 403}
        assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    audit()


def test_an_address_that_a_move_and_a_sign_up_claim_is_one_persons(world, gate, audit):
    for number in range(FEWER):
        claimed = f"ada{number}@example.com"
        said = {"email_address": claimed, "grant": Grant.PUBLIC, "password_hash": "x"}
        claims = [
            partial(UserFactory().move_to, claimed),
            partial(User.objects.create_user, **said),
        ]
        lost = [fault for fault in gate(claims) if isinstance(fault, Exception)]
        assert [type(fault) for fault in lost] == [IntegrityError]
    audit()
