"""What `manage.py check --deploy` reports for a production installation with settings for tests."""

import pytest

from config.checks import known_codes_prove_nobody, limits_are_the_documented_ones
from config.limits import LIMITS


@pytest.fixture
def production(settings):
    settings.DEBUG, settings.ALLOW_TEST_MODE, settings.LIMITS = False, False, {}
    return settings


def told():
    return [each.id for each in limits_are_the_documented_ones() + known_codes_prove_nobody()]


def test_there_is_nothing_to_say_of_a_plain_one(production):
    assert told() == []


def test_raised_limits_are_named(production):
    production.LIMITS = {"create": LIMITS["create"].times + 1, "resend": LIMITS["resend"].times}
    assert told() == ["ollio.W004"]
    assert "create" in limits_are_the_documented_ones()[0].msg
    assert "resend" not in limits_are_the_documented_ones()[0].msg


def test_a_limit_that_there_is_not_is_named(production):
    production.LIMITS = {"creates": 5}
    assert told() == ["ollio.W005"]


def test_test_mode_is_warned_of(production):
    production.ALLOW_TEST_MODE = True
    assert told() == ["ollio.W006"]


def test_in_development_both_may_be(production):
    production.DEBUG, production.ALLOW_TEST_MODE, production.LIMITS = True, True, {"create": 10**6}
    assert told() == []
