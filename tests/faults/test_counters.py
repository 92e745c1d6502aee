"""Many processes add, several workers fold: no delta is lost or counted twice."""

from accounts.models.counter import Counter, CounterDelta
from config import counters
from tests.faults.conftest import ROUNDS
from tests.faults.race import tell

WRITERS = WORKERS = 4


def test_a_total_is_exact_whoever_folds(world, gate, request):
    def write():
        for _ in range(ROUNDS):
            counters.add("a", 1)

    def fold():
        seen = []
        for _ in range(ROUNDS):
            counters.fold()
            seen.append(counters.total("a"))
        return seen

    results = gate([write] * WRITERS + [fold] * WORKERS)
    counters.fold()
    assert counters.total("a") == Counter.objects.get().total == ROUNDS * WRITERS
    assert not CounterDelta.objects.exists()
    for seen in results[WRITERS:]:
        assert seen == sorted(seen)  # every delta was in exactly one place
    tell(request, f"{WRITERS} writers, {WORKERS} workers: {ROUNDS * WRITERS} counted")
