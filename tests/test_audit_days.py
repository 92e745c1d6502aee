"""Sign-ins and refusals are kept for AUDIT_DAYS; events of invitations and keys are kept without limit."""

from datetime import timedelta

import pytest

from accounts.models import SecurityEvent
from config import audit
from config.database import now
from invitations.delivery import worker
from invitations.models import Event
from tests.factories import InvitationFactory, SecretKeyFactory

pytestmark = pytest.mark.django_db


def of_age(days, **values):
    audit.trace("signed_in", **values)
    moment = now() - timedelta(days=days)
    row = SecurityEvent.objects.latest("id")
    period = int(moment.timestamp()) // 300
    SecurityEvent.objects.filter(pk=row.pk).update(at=moment, period=period)
    return row.pk


@pytest.mark.parametrize("days", [365, 30])
def test_rows_are_kept_as_long_as_the_environment_says(settings, days):
    settings.AUDIT_DAYS = days
    of_age(days + 1, subject="user_1")
    kept = of_age(days - 1, subject="user_2")
    SecurityEvent.objects.forget_past()
    assert SecurityEvent.objects.get().pk == kept


def test_old_rows_are_deleted_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr("accounts.models.security_event._BATCH", 2)
    monkeypatch.setattr("accounts.models.security_event._BATCHES", 2)
    for number in range(5):
        of_age(366 + number, subject=f"user_{number}")
    SecurityEvent.objects.forget_past()
    assert SecurityEvent.objects.get().subject == "user_0"  # the oldest were deleted first
    SecurityEvent.objects.forget_past()
    assert not SecurityEvent.objects.exists()


def test_the_mail_worker_deletes_what_is_old_and_no_timeline(monkeypatch):
    SecretKeyFactory()
    audit.record("created", subject=InvitationFactory().pk)
    Event.objects.update(at=now() - timedelta(days=4000))
    timelines = Event.objects.count()
    of_age(366, subject="user_1")
    worker._Rhythm().keep()
    assert not SecurityEvent.objects.exists()
    assert Event.objects.count() == timelines > 0
