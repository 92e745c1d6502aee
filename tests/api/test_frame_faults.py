"""What a client receives when the database fails during a request."""

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from accounts.models.counter import Counter
from invitations.models import Invitation, Message

PATH = "/v1/invitations"
for_real = pytest.mark.django_db(transaction=True)


def _heard(answer, status, code, retry_after=None):
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert answer.get("Retry-After") == retry_after
    assert answer["Content-Type"] == "application/json"
    return True


class Failing:
    """Fail every statement after the first `after` ones."""

    def __init__(self, fault, *, after=0):
        self._fault, self._left = fault, after

    def __call__(self, execute, *call):
        self._left -= 1
        if self._left < 0:
            raise self._fault
        return execute(*call)


@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("closed")], ids=repr)
def test_a_database_that_is_away_is_503(api, fault):
    with connection.execute_wrapper(Failing(fault)):
        assert _heard(api.get(PATH), 503, "service_unavailable", "5")
        assert _heard(api.create(), 503, "service_unavailable", "5")


@for_real
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "x"}], ids=str)
def test_wherever_a_create_fails_nothing_stays(api, headers):
    """The Python SDK repeats a request that got a 5XX, so that request must not have changed anything."""
    for number in range(60):
        with connection.execute_wrapper(Failing(OperationalError("gone"), after=number)):
            answer = api.post(PATH, {"email_address": "a@b.example"}, headers=headers)
        if answer.status_code == 200:
            break
        assert _heard(answer, 503, "service_unavailable", "5")
        assert not Invitation.objects.exists()
        assert not Message.objects.exists()
    assert number >= 4
    assert Invitation.objects.count() == Message.objects.count() == 1


@for_real
def test_a_database_that_takes_no_writes_is_503(api):
    on, off = {
        "postgresql": ("SET default_transaction_read_only = on", "RESET ALL"),
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            assert _heard(api.create(), 503, "service_unavailable", "5")
        finally:
            cursor.execute(off)
    assert api.create().status_code == 200


@pytest.fixture
def locked(api):
    """Another connection holds the lock that a create needs; ours waits only 100 ms for it."""
    hold, patience = {
        "postgresql": ("LOCK TABLE invitations_invitation", "SET lock_timeout = '100ms'"),
        "sqlite": ("SELECT 1", "PRAGMA busy_timeout = 100"),
    }[connection.vendor]
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor, connection.cursor() as own:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(hold)
        own.execute(patience)
    yield
    other.rollback()
    other.close()
    connection.close()


@for_real
def test_a_lock_that_is_not_obtained_in_time_is_409(api, locked):
    assert _heard(api.create(), 409, "resource_locked", "1")
    answer = api.post(PATH, {"email_address": "a@b.example"}, headers={"Idempotency-Key": "x"})
    assert _heard(answer, 409, "resource_locked", "1")


def test_a_value_that_was_taken_meanwhile_is_409(api, monkeypatch):
    def collide(*_statuses):
        with transaction.atomic():
            Counter.objects.bulk_create([Counter(name="a"), Counter(name="a")])

    monkeypatch.setattr(Invitation.objects, "in_status", collide)
    assert _heard(api.get(PATH), 409, "conflict")


def test_any_other_broken_rule_of_the_database_is_a_bug(api, monkeypatch, caplog):
    def break_a_rule(*_statuses):
        with transaction.atomic():
            Counter.objects.create(name="a", total=None)

    monkeypatch.setattr(Invitation.objects, "in_status", break_a_rule)
    assert _heard(api.get(PATH), 500, "internal_clerk_error")
    assert "IntegrityError" in caplog.text
