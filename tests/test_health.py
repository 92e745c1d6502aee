"""GET /healthz: what a monitor learns."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from config.database import DatabaseNow
from invitations.delivery import channel
from invitations.models import MailChannel
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_all_is_well_while_a_worker_lives(stranger):
    channel.beat()
    answer = stranger.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "worker_seen": 0,
        "oldest_mail": None,
        "paused": False,
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_worker_never_seen_or_long_gone_is_ill(stranger):
    assert stranger.get("/healthz").status_code == 503
    channel.beat()
    MailChannel.objects.update(seen_at=DatabaseNow() - timedelta(minutes=5))
    answer = stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker_seen"] >= 300


def test_waiting_mail_shows_its_age_held_mail_does_not(stranger):
    channel.beat()
    MessageFactory(created_at=DatabaseNow() - timedelta(hours=1))
    MessageFactory(
        created_at=DatabaseNow() - timedelta(days=2), hold_until=DatabaseNow() + timedelta(hours=1)
    )
    assert 3600 <= stranger.get("/healthz").json()["oldest_mail"] < 3700


def test_a_pause_is_told(stranger):
    channel.beat()
    channel.pause("auth_refused")
    assert stranger.get("/healthz").json()["paused"] is True


def test_a_database_that_does_not_answer_is_ill(stranger, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr("config.database.now", gone)
    answer = stranger.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
