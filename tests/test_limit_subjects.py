"""A reached limit is logged with its subject in the usual form: an unknown address as a hash and its domain."""

import json

import pytest

from accounts.models import SecurityEvent
from config import audit, limits
from config.limits import LimitExceeded
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]


def reach(name, *, subject):
    for _ in range(limits.LIMITS[name].times):
        limits.take(name, subject=subject)
    with pytest.raises(LimitExceeded):
        limits.take(name, subject=subject)
    return SecurityEvent.objects.get(kind="limit_reached")


def test_of_an_account_it_is_the_account():
    ada = UserFactory(email_address="ada@example.com")
    assert reach("wrong_password", subject="ada@example.com 192.0.2.1").subject == ada.pk


@pytest.mark.parametrize("more", ["", " 192.0.2.1"])
def test_an_address_that_looks_like_an_account_is_an_address(more):
    address = f"user_{'x' * 40}@example.com"
    row = reach("wrong_password", subject=f"{address}{more}")
    assert row.subject in audit.subjects_of(address)
    assert row.detail == {"domain": "example.com"}
    assert "user_x" not in json.dumps(SecurityEvent.objects.values().get(), default=str)
