"""Several workers, and a worker that is asked to stop."""

import pytest
from django.db import connection

from invitations.models import Message
from invitations.models.message import State
from tests.faults.conftest import ROUNDS
from tests.faults.servers import until

ADA = "ada@example.com"


def test_four_workers_send_every_mail_once(world, sink, invite, audit):
    number = 10 * ROUNDS
    for each in range(number):
        invite(f"person{each}@example.com")
    workers = [world.start("send_mail", "--once") for _ in range(4)]
    for worker in workers:
        assert worker.wait(600) == 0
    assert len(sink.mails) == number
    audit()


def test_a_worker_asked_to_stop_finishes_the_message_in_hand(world, sink, invite, audit):
    sink.script(ADA, "slow")
    invite(ADA)
    worker = world.start_worker()
    until(lambda: Message.objects.filter(state=State.SENDING).exists(), seconds=20)
    worker.terminate()
    assert worker.wait(10) == 0
    assert len(sink.to(ADA)) == 1
    audit()


def test_no_mail_starts_after_a_revoke_was_answered(world, sink, invite, audit):
    invitation = invite(ADA)
    world.run_worker(kill="after_claim")
    invitation.revoke(by=None)
    world.let_time_pass()
    world.run_worker()
    assert sink.mails == []
    assert Message.objects.get().state == State.CANCELLED
    audit()


def test_a_worker_outlives_its_database_connection(world, sink, invite, audit):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    worker = world.start_worker()
    invite("first@example.com")
    until(lambda: sink.to("first@example.com"), seconds=20)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    invite(ADA)
    until(lambda: sink.to(ADA), seconds=20)
    worker.terminate()
    assert worker.wait(10) == 0
    audit()
