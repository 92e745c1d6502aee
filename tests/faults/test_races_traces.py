"""Thirty wrong passwords at once make one row with a count of thirty, on one process and on several."""

from collections import Counter
from functools import partial

from accounts.models import SecurityEvent
from config import audit
from tests.factories import UserFactory
from tests.faults.race import tell
from tests.faults.servers import Browser, insisting, server_processes

GUESSES = 30
ADA = "ada@example.com"


def test_parallel_traces_are_one_row(world, gate, still_windows):
    trace = partial(audit.trace, "wrong_password", address=ADA)
    assert gate([trace] * GUESSES) == [None] * GUESSES
    assert SecurityEvent.objects.get().count == GUESSES


def wrong_password(port):
    """Return a call that posts a wrong password in a new browser."""
    browser = Browser(port).look("/sign-in")
    post = partial(browser.post, "/sign-in", login=ADA, password="wrong password")
    return partial(insisting, post)


def test_parallel_wrong_passwords_are_one_row_a_period(world, gate, request):
    ada = UserFactory(email_address=ADA)
    with server_processes(world, processes=2) as ports:
        guesses = [wrong_password(ports[number % 2]) for number in range(GUESSES)]
        answers = Counter(browser.status for browser in gate(guesses))
    rows = list(SecurityEvent.objects.values())
    assert {row["client"] for row in rows} == {"127.0.0.1"}
    assert {row["subject"] for row in rows if row["kind"] == "wrong_password"} == {ada.pk}
    # The five-minute period may end during the test, and a client that reaches a limit leaves another kind of row.
    assert len({(row["kind"], row["how"], row["period"]) for row in rows}) == len(rows)
    assert sum(row["count"] for row in rows) == answers[200] + answers[429] == GUESSES
    kinds = Counter()
    for row in rows:
        kinds[row["kind"]] += row["count"]
    tell(request, f"{GUESSES} guesses: {dict(kinds)} in {len(rows)} rows")
