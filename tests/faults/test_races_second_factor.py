"""A second-factor form that is sent several times at once acts once."""

import copy
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from accounts.models import SpentCode
from tests.accounts.test_second_factor import SECRET, current_code
from tests.conftest import Browser
from tests.factories import PASSWORD, UserFactory
from tests.faults.conftest import FEWER
from tests.faults.race import tell

AT_ONCE = 4
SHOWN = "Your recovery codes"


@pytest.fixture
def hers(world, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Browser(UserFactory())


def tabs(browser):
    """Return copies of the same browser. A crash is a response with status 500."""
    for _ in range(AT_ONCE):
        tab = Client(raise_request_exception=False)
        tab.cookies = copy.deepcopy(browser.cookies)
        yield tab


def at_once(gate, browser, path, said):
    answers = gate([partial(tab.post, path, said) for tab in tabs(browser)])
    assert {answer.status_code for answer in answers} <= {200, 302}, answers
    return [answer for answer in answers if SHOWN in answer.text]


def test_new_recovery_codes_are_made_and_shown_once(hers, gate, request):
    TOTP.activate(hers.user, SECRET)
    RecoveryCodes.activate(hers.user)
    hers.post("/account/reauthenticate/second-factor", {"code": current_code()})
    for _ in range(FEWER):
        row = Authenticator.objects.get(type="recovery_codes")
        said = {"replaces": row.pk}
        [shown] = at_once(gate, hers, "/account/second-factor/codes/new", said)
        kept = Authenticator.objects.get(type="recovery_codes")
        assert kept.pk != row.pk
        assert all(code in shown.text for code in kept.wrap().get_unused_codes())
    tell(request, f"new recovery codes: {FEWER} rounds of {AT_ONCE}, shown once in each")


def test_an_app_is_turned_on_once(hers, gate, request):
    for _ in range(FEWER):
        Authenticator.objects.all().delete()
        hers.post("/account/reauthenticate", {"password": PASSWORD})
        secret = hers.get("/account/second-factor/app").context["form"].secret
        said = {"code": current_code(secret)}
        assert len(at_once(gate, hers, "/account/second-factor/app", said)) == 1
        kinds = sorted(Authenticator.objects.values_list("type", flat=True))
        assert kinds == ["recovery_codes", "totp"]
    tell(request, f"one app turned on: {FEWER} rounds of {AT_ONCE}")


@pytest.mark.parametrize(
    "take",
    [
        lambda name: SpentCode.objects.spend(name, user_id="user_1", seconds=90),
        lambda name: cache.add(name, "held", timeout=10),
    ],
    ids=["a code is spent", "a lock is taken"],
)
def test_of_many_at_once_one_takes_it(world, gate, take, request):
    for number in range(FEWER):
        taken = gate([partial(take, f"name{number}")] * AT_ONCE)
        assert sorted(taken) == [False] * (AT_ONCE - 1) + [True]
    tell(request, f"one thing to take: {FEWER} rounds of {AT_ONCE}, taken once in each")
