"""Totals: requests add deltas, and a worker folds them into the total."""

from threading import Event as Stop

import pytest
from django.db import transaction

from accounts.models.counter import Counter, CounterDelta
from config import counters
from invitations.delivery import worker

pytestmark = pytest.mark.django_db


def test_a_total_is_what_was_added_folded_or_not():
    counters.add("a", 3)
    counters.add("b", 10)
    counters.fold()
    counters.add("a", -1)

    assert (counters.total("a"), counters.total("b"), counters.total("c")) == (2, 10, 0)
    assert CounterDelta.objects.count() == 1


def test_folding_again_and_again_changes_no_total():
    for delta in (5, -2, 4):
        counters.add("a", delta)
        counters.fold()
        counters.fold()
    assert counters.total("a") == Counter.objects.get(name="a").total == 7
    assert not CounterDelta.objects.exists()


def test_where_nothing_waits_nothing_is_written(django_assert_num_queries):
    with django_assert_num_queries(1):
        counters.fold()


def test_what_is_rolled_back_does_not_count():
    with transaction.atomic():
        counters.add("a", 1)
        transaction.set_rollback(True)
    counters.fold()
    assert counters.total("a") == 0


def test_a_worker_folds():
    counters.add("a", 1)

    class Soon(Stop):
        def wait(self, _timeout=None):
            self.set()

    worker.work(Soon())
    assert Counter.objects.get(name="a").total == 1
