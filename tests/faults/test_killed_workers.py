"""SIGKILL at every point of sending. No mail is lost; a second copy is sent only after a kill."""

import signal

import pytest

from invitations.models import Invitation, Message
from invitations.models.message import State
from tests.faults.conftest import KILLS

POINTS = ["after_claim", "connected", "in_data", "before_mark", "after_mark"]
ADA = "ada@example.com"


def test_an_invitation_whose_maker_is_killed_after_the_commit_is_mailed(world, sink, invite, audit):
    invite("somebody@example.com")
    assert world.create(ADA, kill="after_commit").returncode == -signal.SIGKILL
    world.run_worker()
    assert len(sink.to(ADA)) == 1
    audit()


def test_an_invitation_whose_maker_is_killed_before_the_commit_is_none(world, sink, invite, audit):
    invite("somebody@example.com")
    assert world.create(ADA, kill="in_transaction").returncode == -signal.SIGKILL
    world.run_worker()
    assert not Invitation.objects.filter(email_address=ADA).exists()
    assert sink.to(ADA) == []
    audit()


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_while_sending_loses_nothing(point, world, sink, invite, audit):
    kills = max(1, KILLS // len(POINTS))
    for kill in range(kills):
        invite(f"first{kill}@example.com")
        invite(f"second{kill}@example.com")
        world.let_time_pass()
        worker = world.run_worker(kill=f"{point}:{1 + kill % 2}")
        assert worker.returncode == -signal.SIGKILL
    world.let_time_pass()
    world.run_worker()
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    assert len(sink.mails) - 2 * kills <= kills
    audit(faults=kills)


def test_a_lease_that_has_not_run_out_is_respected(world, sink, invite):
    invite(ADA)
    world.run_worker(kill="after_claim")
    world.run_worker()
    assert sink.mails == []
    assert Message.objects.get().state == State.SENDING
