"""Lock and unlock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests.accounts.visiting import sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory(email_address="ada@example.com")


def test_a_lock_refuses_sign_in_for_an_hour(api, ada, client):
    user = api.post(f"/v1/users/{ada.pk}/lock").json()
    assert user["locked"] is True
    assert 3590 < user["lockout_expires_in_seconds"] <= 3600
    assert sign_in(client).status_code == 403
    user = api.post(f"/v1/users/{ada.pk}/unlock").json()
    assert (user["locked"], user["lockout_expires_in_seconds"]) == (False, None)
    assert sign_in(client).status_code == 302


def test_sessions_go_on(api, member):
    api.post(f"/v1/users/{member.user.pk}/lock")
    assert member.get("/account").status_code == 200


def test_both_may_be_repeated(api, ada):
    for action in ("lock", "lock", "unlock", "unlock"):
        assert api.post(f"/v1/users/{ada.pk}/{action}").status_code == 200


def test_the_time_runs_down_and_ends(api, ada):
    now = timezone.now()
    User.objects.update(locked_at=now, locked_until=now + timedelta(seconds=100))
    assert 90 < api.get(f"/v1/users/{ada.pk}").json()["lockout_expires_in_seconds"] <= 100
    User.objects.update(locked_until=now - timedelta(seconds=1))
    user = api.get(f"/v1/users/{ada.pk}").json()
    assert (user["locked"], user["lockout_expires_in_seconds"]) == (False, None)


def test_until_somebody_unlocks_there_is_no_time(api, ada):
    User.objects.update(locked_at=timezone.now(), locked_until=None)
    user = api.get(f"/v1/users/{ada.pk}").json()
    assert (user["locked"], user["lockout_expires_in_seconds"]) == (True, None)


def test_a_body_is_refused(api, ada, faults):
    answer = api.post(f"/v1/users/{ada.pk}/lock", {"seconds": 5})
    assert faults(answer) == (422, [("form_param_unknown", "seconds")])
    assert not User.objects.get().is_locked
