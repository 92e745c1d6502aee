"""How often programs may call the API. test_keys.py tests the limit on guessing keys."""

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from accounts.models import SecurityEvent
from accounts.models.limit_counter import LimitCounter
from config import limits
from config.limits import LIMITS
from invitations.models import Invitation
from tests.factories import SecretKeyFactory, UserFactory

PATH = "/v1/invitations"
BULK = f"{PATH}/bulk"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Windows of limits follow this process's clock. It stands still until the test moves it."""

    class Clock:
        def __init__(self):
            self.moment = 1_000_000.0

        def monotonic(self):
            return self.moment

    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def _refused(answer, *, within):
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer["Retry-After"]) <= within
    assert not [name for name in answer.headers if name.startswith("X-RateLimit")]
    return True


def _asked(api, times, path=PATH):
    return [api.get(path).status_code for _ in range(times)]


def test_a_key_of_a_development_instance_asks_100_times_in_10_seconds(api, settings, clock):
    settings.LIMITS, settings.DEBUG = {}, True
    key = SecretKeyFactory()
    assert key.raw.startswith("sk_test_")
    api.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key.raw}"
    assert _asked(api, 100) == [200] * 100
    assert _refused(api.get(PATH), within=10)
    clock.moment += 10
    assert api.get(PATH).status_code == 200


def test_a_key_of_a_production_instance_asks_1000_times_in_10_seconds(api, settings):
    settings.LIMITS = {}
    assert api.key.raw.startswith("sk_live_")
    for _ in range(999):
        limits.take_request(by=api.key, in_development=False)
    assert api.get(PATH).status_code == 200
    assert _refused(api.get(PATH), within=10)


def test_the_wait_is_what_is_left_of_the_window(api, settings, clock):
    settings.LIMITS = {"requests": 0}
    clock.moment += 9.5
    assert api.get(PATH)["Retry-After"] == "1"


def test_every_key_has_its_own_count(api, nobody, settings):
    settings.LIMITS = {"requests": 1}
    assert _asked(api, 2) == [200, 429]
    other = {"Authorization": f"Bearer {SecretKeyFactory().raw}"}
    assert nobody.get(PATH, headers=other).status_code == 200


def test_every_request_counts_whatever_its_answer(api, settings):
    settings.LIMITS = {"requests": 3}
    assert api.post(PATH, "{").status_code == 400
    assert api.get(f"{PATH}?limit=0").status_code == 422
    assert api.post(f"{PATH}/inv_unknown/revoke").status_code == 404
    assert _refused(api.get(PATH), within=10)


def test_what_has_no_live_key_or_no_operation_does_not_count(api, nobody, settings):
    settings.LIMITS = {"requests": 1}
    for _ in range(3):
        assert nobody.get(PATH).status_code == 401
        assert api.get("/v1/nothing").status_code == 404
        assert api.put(PATH).status_code == 405
    assert api.get(PATH).status_code == 200


def test_the_rate_is_judged_before_the_body(api, settings):
    settings.LIMITS = {"requests": 0}
    for body in ("x" * 300_000, "{", {"x": 1}):
        assert _refused(api.post(PATH, body), within=10)


def test_the_public_keys_are_unlimited(api, settings):
    settings.LIMITS = {"requests": 1}
    assert _asked(api, 5, path="/v1/jwks") == [200] * 5
    assert api.get(PATH).status_code == 200


def test_one_trace_a_window_tells_of_refusals(api, settings, clock):
    settings.LIMITS = {"requests": 1}
    _asked(api, 5)
    row = SecurityEvent.objects.get()
    assert (row.kind, row.how) == ("limit_reached", "requests")
    assert (row.subject, row.actor_id, row.count) == (api.key.id, api.key.id, 1)
    clock.moment += 10
    _asked(api, 3)
    assert SecurityEvent.objects.aggregate(times=Sum("count")) == {"times": 2}


def test_creates_are_1000_an_hour_and_key(api, nobody, settings):
    assert LIMITS["create"][:2] == (1000, 3600)
    settings.LIMITS = {"requests": 100, "create": 2}
    assert api.create("a@example.com").status_code == 200
    assert api.create("a@example.com").status_code == 400  # a refused create counts as well
    assert _refused(api.create("b@example.com"), within=3600)
    assert api.get(PATH).status_code == 200
    other = {"Authorization": f"Bearer {SecretKeyFactory().raw}"}
    assert nobody.post(PATH, {"email_address": "b@example.com"}, headers=other).status_code == 200


def test_a_refused_create_makes_nothing_and_is_one_event(api, settings):
    settings.LIMITS = {"create": 0}
    assert [api.create(f"a{number}@example.com").status_code for number in range(3)] == [429] * 3
    assert not Invitation.objects.exists()
    assert SecurityEvent.objects.get().how == "create"


def test_bulk_calls_are_100_an_hour_and_key(api, settings):
    assert LIMITS["bulk"][:2] == (100, 3600)
    settings.LIMITS = {"bulk": 1, "create": 0}
    assert api.post(BULK, [{"email_address": "a@example.com"}]).status_code == 200
    assert _refused(api.post(BULK, [{"email_address": "b@example.com"}]), within=3600)


def test_dry_runs_are_not_counted(api, settings):
    settings.LIMITS = {"bulk": 1}
    rows = [{"email_address": "a@example.com"}]
    for text in ("dry_run=true", "dry_run=1", "dry%5Frun=true"):
        assert api.post(f"{BULK}?{text}", rows).status_code == 200
    assert api.post(BULK, rows).status_code == 200
    for text in ("dry_run=false", "dry_run=", "dry_run=true&dry_run=1", "dry_run=yes", "dryrun=1"):
        assert _refused(api.post(f"{BULK}?{text}", rows), within=3600)


@pytest.mark.usefixtures("still_windows")
def test_metadata_changes_are_10_in_10_seconds_and_user(api):
    first, second = UserFactory(), UserFactory()
    answers = [_change(api, method, first).status_code for method in ("PATCH", "PUT") * 6]
    assert answers == [200] * 10 + [429] * 2
    assert _change(api, "PATCH", second).status_code == 200


def _change(api, method, user):
    body = '{"public_metadata": {"a": 1}}'
    path = f"/v1/users/{user.pk}/metadata"
    return api.generic(method, path, body, content_type="application/json")


@pytest.mark.django_db(transaction=True)
def test_counting_does_not_wait_for_the_disk_and_nothing_else_stops_waiting():
    ask, waits, hurries = {
        "postgresql": ("SELECT current_setting('synchronous_commit')", "on", "off"),
        "sqlite": ("PRAGMA synchronous", 2, 1),
    }[connection.vendor]

    with connection.cursor() as cursor:

        def manner_now(ask=ask):
            cursor.execute(ask)
            return cursor.fetchone()[0]

        with limits._hurry() as manner:
            counting = f"WITH manner AS ({manner}) SELECT * FROM manner"
            assert manner_now(counting if connection.vendor == "postgresql" else ask) == hurries
        limits.take("create", subject="x")
        assert manner_now() == waits
        with transaction.atomic():
            limits.take("create", subject="x")
            assert manner_now() == waits
    assert LimitCounter.objects.get().count == 2
