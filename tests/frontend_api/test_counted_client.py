"""The Frontend API counts requests by network address, whatever cookie is sent."""

import pytest
from django.test import Client

from config.client_cookie import NAME
from config.limits import LIMITS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_windows")]
SIGN_INS = "/__clerk/v1/client/sign_ins"
MOST = LIMITS["frontend_sign_in"].times


def begin(number=0, *, address="192.0.2.1"):
    """Each request comes from a new browser with an unknown cookie."""
    browser = Client(headers={"Origin": "http://localhost:8000"}, REMOTE_ADDR=address)
    browser.cookies[NAME] = f"chosen-{number}"
    said = {"identifier": "ada@example.com"}
    return browser.post(SIGN_INS, said, content_type="application/json").status_code


def test_another_cookie_is_no_other_client():
    statuses = [begin(number) for number in range(MOST + 1)]
    assert statuses == [200] * MOST + [429]


def test_another_address_is_another_client():
    for _ in range(MOST + 1):
        begin()
    assert begin(address="192.0.2.2") == 200
