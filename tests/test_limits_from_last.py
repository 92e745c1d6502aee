"""A limit with a sliding window: no hour, wherever it starts, allows more than the full number."""

import pytest
from django.db.models import F

from accounts.models import LimitCounter
from config import limits
from config.limits import Limit, LimitExceeded

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture(autouse=True)
def three_an_hour(monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "test", Limit(3, HOUR, from_last=True))


def pass_by(seconds):
    """Move all counted requests into the past."""
    LimitCounter.objects.update(window_ends=F("window_ends") - seconds)


def is_refused():
    try:
        limits.take("test")
    except LimitExceeded as error:
        return error.retry_after
    return 0


def test_the_full_number_is_allowed_and_no_more():
    assert [limits.take("test") for _ in range(3)] == [2, 1, 0]
    assert HOUR - 10 < is_refused() <= HOUR


def test_each_one_that_is_counted_begins_the_hour_anew():
    for _ in range(3):
        limits.take("test")
        pass_by(HOUR - 60)
    assert 0 < is_refused() <= 60


def test_what_is_refused_does_not_put_the_end_off():
    for _ in range(3):
        limits.take("test")
    pass_by(HOUR - 60)
    assert 0 < is_refused() <= 60
    assert 0 < is_refused() <= 60
    pass_by(60)
    assert limits.take("test") == 2


def test_after_an_hour_of_rest_it_is_forgotten():
    limits.take("test")
    limits.take("test")
    pass_by(HOUR)
    assert limits.take("test") == 2


def test_what_was_given_back_may_be_taken_again():
    for _ in range(3):
        limits.take("test")
    limits.give_back("test")
    assert limits.take("test") == 0
    assert is_refused()


def test_what_was_given_back_is_free_however_many_were_refused_meanwhile():
    for _ in range(3):
        limits.take("test")
    assert is_refused()
    assert is_refused()
    limits.give_back("test")
    assert limits.take("test") == 0
    assert is_refused()


def test_nothing_is_given_back_that_was_not_taken():
    limits.give_back("test")
    limits.take("test")
    limits.give_back("test")
    limits.give_back("test")
    assert limits.take("test") == 2


def test_the_environment_raises_it_too(settings):
    settings.LIMITS = {"test": 4}
    assert [limits.take("test") for _ in range(4)] == [3, 2, 1, 0]
    assert is_refused()
