"""A reload repeats nothing: every POST that changes something redirects to another page."""

from django.contrib.sessions.models import Session

from accounts.models import Browser, CacheEntry, LimitCounter, SecurityEvent
from tests.factories import PASSWORD
from tests.test_forgery import DOORS, real
from tests.test_secrets import dump

__all__ = ["real"]

SAID = {
    "name": "Eve",
    "email_address": "eve@example.com",
    "first_name": "Eve",
    "password": PASSWORD,
    "scope": "all",
    "once": "x" * 32,
    "role": "admin",
    "sign_up_mode": "restricted",
    "public_metadata": "{}",
    "private_metadata": "{}",
    "unsafe_metadata": "{}",
    "redirect_origins": "https://app.example.com",
}


def rows():
    """Return every row that a form may change. Counters, traces and sessions are left out."""
    return dump(leaving_out={Browser, CacheEntry, LimitCounter, SecurityEvent, Session})


def test_what_a_form_changes_is_answered_with_another_page(admin, stranger, real):
    changing = set()
    for browser in (stranger, admin):
        for door, path in zip(DOORS, real, strict=True):
            if browser.user:
                browser.force_login(browser.user)  # because one of the paths signs out
            before = rows()
            answer = browser.post(path, SAID)
            if rows() != before:
                changing.add(door)
                assert answer.status_code in {302, 303}, path
    assert {"/keys/new", "/keys/inv_x/revoke", "/invitations/new", "/settings"} <= changing
    assert {"/sign-up", "/account", "/users/inv_x/ban", "/settings/mode"} <= changing
