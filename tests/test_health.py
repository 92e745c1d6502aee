"""GET /livez, /readyz and /healthz: the responses for probes and monitors."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Application, SigningKey
from config import health
from config.database import DatabaseNow, now
from invitations.delivery import channel
from invitations.models import MailChannel, Message
from tests.factories import MessageFactory

PROBES = ["/livez", "/readyz", "/healthz"]
READY = {"database": True, "migrations": True, "signing_key": True}

pytestmark = pytest.mark.django_db


@pytest.fixture
def installed(db):
    Application.objects.prepare()
    channel.beat()


@pytest.fixture
def gone(monkeypatch):
    def away(_recorder):
        raise OperationalError("gone")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", away)


def ask(path, **more):
    """Ask as if this were the first request of the process."""
    return Client().get(path, **more)


def failing(path):
    answer = ask(path)
    assert answer.status_code == 503
    return answer.json()["failing"]


@pytest.mark.usefixtures("installed")
def test_all_is_well_while_a_worker_lives_and_mail_leaves():
    answer = ask("/healthz")
    assert answer.status_code == 200
    report = answer.json()
    assert report.pop("worker_seen") < 60
    assert report == {"failing": [], **READY, "oldest_mail": None, "paused": False}


def test_a_process_is_ready_without_a_worker():
    Application.objects.prepare()
    answer = ask("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"failing": [], **READY})


def test_a_process_lives_without_its_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = ask("/livez")
    assert (answer.status_code, answer.json()) == (200, {"failing": []})


@pytest.mark.usefixtures("installed")
def test_a_worker_never_seen_or_long_gone_is_ill():
    MailChannel.objects.update(seen_at=DatabaseNow() - timedelta(minutes=5))
    answer = ask("/healthz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["worker_seen"])
    assert answer.json()["worker_seen"] >= 300
    MailChannel.objects.all().delete()
    assert failing("/healthz") == ["worker_seen"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("urgent", [True, False])
def test_mail_that_could_have_left_for_over_fifteen_minutes_is_ill(urgent):
    MessageFactory(next_attempt_at=DatabaseNow() - timedelta(minutes=14), urgent=urgent)
    assert 14 * 60 <= ask("/healthz").json()["oldest_mail"] < 15 * 60
    MessageFactory(next_attempt_at=DatabaseNow() - timedelta(minutes=16), urgent=urgent)
    assert failing("/healthz") == ["oldest_mail"]


@pytest.mark.usefixtures("installed")
def test_mail_that_is_held_back_or_gone_is_not_waited_for():
    long_ago = DatabaseNow() - timedelta(days=2)
    MessageFactory(created_at=long_ago, next_attempt_at=DatabaseNow() + timedelta(hours=1))
    MessageFactory(created_at=long_ago, next_attempt_at=long_ago, state="sent")
    assert ask("/healthz").json()["oldest_mail"] is None


def test_however_much_mail_waits_the_oldest_is_looked_up():
    moment = now()
    with CaptureQueriesContext(connection) as asked:
        Message.objects.oldest_due(by=moment)
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        if is_postgres:
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # an empty table is never searched by index
        for query in asked:
            cursor.execute(f"EXPLAIN {'' if is_postgres else 'QUERY PLAN'} {query['sql']}")
            plan = str(cursor.fetchall())
            assert "message_waiting" in plan
            assert "urgent =" in plan or "urgent=?" in plan


@pytest.mark.usefixtures("installed")
def test_a_pause_is_ill():
    channel.pause("auth_refused")
    assert failing("/healthz") == ["paused"]


@pytest.mark.usefixtures("installed")
def test_a_database_behind_the_code_is_not_ready():
    MigrationRecorder.Migration.objects.filter(app="accounts").order_by("-name")[0].delete()
    assert failing("/readyz") == ["migrations", "signing_key"]


@pytest.mark.usefixtures("installed")
def test_a_key_that_cannot_sign_is_not_ready():
    SigningKey.objects.update(kid="ins_other", sealed_private_key="unreadable")
    assert failing("/readyz") == ["signing_key"]
    SigningKey.objects.all().delete()
    assert failing("/readyz") == ["signing_key"]


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
def test_a_database_that_does_not_answer_is_ill(path):
    assert failing(path)[:1] == ["database"]


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("host", ["10.42.0.7:8000", "evil.example", "not a host"])
def test_probes_name_whatever_host_they_like(path, host):
    assert ask(path, headers={"Host": host}).json().keys() >= {"failing"}


@pytest.mark.parametrize("path", PROBES)
def test_answers_are_kept_by_nobody_and_leave_no_cookie(path):
    answer = ask(path, headers={"Cookie": "ollio_session=x; __client=y"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert "ollio" not in f"{answer.headers} {answer.content}".lower()


@pytest.mark.parametrize("path", PROBES)
def test_nothing_but_get_and_head_is_answered(path):
    assert Client().head(path).status_code in (200, 503)
    for method in ("post", "put", "delete", "options"):
        answer = getattr(Client(), method)(path)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/healthz/", "/HEALTHZ", "/healthz/x", "/readyz.json"])
def test_no_path_beside_these_is_a_probe(path):
    assert ask(path).status_code == 404


@pytest.mark.usefixtures("installed")
def test_the_database_is_asked_once_a_second(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(health, "_LOOK_SECONDS", 3600)
    process = Client()
    process.get("/readyz")
    with django_assert_num_queries(0):
        assert [process.get(path).status_code for path in PROBES] == [200, 200, 200]


def test_what_was_seen_a_second_ago_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(health, "_LOOK_SECONDS", 0)
    process = Client()
    process.get("/readyz")
    Application.objects.prepare()
    assert process.get("/readyz").status_code == 200


def test_nobody_waits_long_behind_who_waits_for_the_database(monkeypatch):
    asked, answered = Event(), Event()

    def slow():
        asked.set()
        answered.wait(60)
        return READY

    monkeypatch.setattr(health, "_look", slow)
    monkeypatch.setattr(health, "_PATIENCE_SECONDS", 0.01)
    watch = health.Watch()
    first = Thread(target=watch.report)
    first.start()
    asked.wait(60)
    assert watch.report()["database"] is False
    answered.set()
    first.join()
    assert watch.report() == READY
