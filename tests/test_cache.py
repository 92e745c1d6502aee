"""The cache in which allauth counts: text in the database, until it expires."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import connection

from accounts.models import CacheEntry, SpentCode
from tests.accounts.test_second_factor import SECRET, current_code
from tests.accounts.visiting import sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NAME = "allauth:rl:account:login_failed:x"


@pytest.mark.parametrize("value", [[1700000000.25, 1699999999.0], True, "y", 7])
def test_what_is_set_is_got(value):
    cache.set(NAME, value, timeout=60)
    assert cache.get(NAME) == value


def test_the_last_value_counts():
    cache.set(NAME, [1], timeout=60)
    cache.set(NAME, [2, 1], timeout=60)
    assert cache.get(NAME) == [2, 1]


def test_what_is_not_there_has_the_default():
    assert cache.get(NAME) is None
    assert cache.get(NAME, []) == []


def test_what_is_over_is_not_there():
    cache.set(NAME, [1], timeout=0)
    assert cache.get(NAME) is None
    assert cache.delete(NAME) is False
    assert cache.add(NAME, [2], timeout=60)
    assert cache.get(NAME) == [2]


def test_it_is_added_once():
    assert cache.add(NAME, "held", timeout=10) is True
    assert cache.add(NAME, "again", timeout=10) is False
    assert cache.get(NAME) == "held"


def test_what_is_deleted_can_be_added_again():
    cache.add(NAME, "held", timeout=10)
    assert cache.delete(NAME) is True
    assert cache.add(NAME, "held", timeout=10)


def test_a_number_is_counted_up():
    cache.set(NAME, 5, timeout=60)
    assert [cache.incr(NAME), cache.incr(NAME, 4), cache.decr(NAME, 9)] == [6, 10, 1]
    assert cache.get(NAME) == 1


def test_nothing_is_counted_up_that_is_not_there():
    with pytest.raises(ValueError, match="no such number"):
        cache.incr(NAME)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_only_what_is_text_is_kept(value):
    with pytest.raises(TypeError):
        cache.set(NAME, value, timeout=60)


def test_a_sign_in_with_a_second_factor_leaves_text_that_names_nothing(client):
    ada = UserFactory(email_address="ada@example.com")
    TOTP.activate(ada, SECRET)
    sign_in(client)
    client.post("/sign-in/second-factor", {"code": "000000"})
    code = current_code()
    client.post("/sign-in/second-factor", {"code": code})
    kept = str([*CacheEntry.objects.values_list(), *SpentCode.objects.values_list()])
    assert CacheEntry.objects.exists()
    assert SpentCode.objects.count() == 1
    assert not any(word in kept for word in (code, ada.pk, "allauth"))


def test_a_code_is_spent_once_for_each_person():
    spent = [SpentCode.objects.spend("123456", user_id=who, seconds=90) for who in "aab"]
    assert spent == [True, False, True]


def test_a_code_that_comes_up_again_later_is_another_one():
    assert SpentCode.objects.spend("123456", user_id="a", seconds=-1)
    assert SpentCode.objects.spend("123456", user_id="a", seconds=90)


def test_spent_codes_are_forgotten_when_they_would_be_wrong_anyway():
    SpentCode.objects.spend("123456", user_id="past", seconds=-1)
    SpentCode.objects.spend("123456", user_id="present", seconds=90)
    SpentCode.objects.forget_past()
    assert SpentCode.objects.count() == 1


def test_no_table_holds_a_pickle_any_more():
    assert "cache" not in connection.introspection.table_names()
