"""Two operators at one user's page at the same time."""

import pytest
from django.test import Client

from accounts.models import User
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
