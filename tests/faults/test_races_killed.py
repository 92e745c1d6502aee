"""A sign-up that dies between its UPDATE and its COMMIT, after each statement."""

import signal
import subprocess
import sys

import pytest
from django.db import connection

from accounts.models import User
from invitations.models import Event, Invitation
from invitations.models.message import State
from tests.faults.databases import ROOT
from tests.faults.doomed_sign_up import Doom, sign_up
from tests.faults.race import UNLIMITED, tell

ADA = "ada@example.com"
# At least FEW statements run between the two; the loop ends at MANY in any case.
FEW, MANY = 6, 60


@pytest.fixture
def invitations(invite):
    """Two invitations of one address: accepting one would end the other."""
    return [invite(ADA, channel="api", ignore_existing=True) for _ in range(2)]


@pytest.fixture
def kill(world):
    """Sign up in another process, which is SIGKILLed that many statements after its UPDATE; return its exit code."""
    processes = []

    def kill(raw_ticket, *, patience):
        if not processes:
            processes.append(_start(world, raw_ticket))
        processes[0].stdin.write(f"{patience}\n")
        processes[0].stdin.flush()
        return int(processes[0].stdout.readline())

    yield kill
    for process in processes:
        process.communicate(timeout=30)


def test_a_killed_sign_up_leaves_the_invitation_pending(invitations, kill, audit, request):
    ticket = invitations[0].raw_ticket
    for patience in range(MANY):
        code = kill(ticket, patience=patience)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        _check_nothing_happened()
    _check_somebody_came_in(invitations[0])
    assert patience >= FEW
    audit(secrets=[ticket])
    tell(request, f"killed after each of {patience} statements, then signed up")


def test_a_sign_up_whose_connection_is_cut_leaves_the_invitation_pending(
    invitations, gate, audit, settings, request
):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    settings.LIMITS = UNLIMITED
    ticket = invitations[0].raw_ticket
    for patience in range(MANY):
        doom = Doom(patience=patience, strike=_cut_connection)
        [came_in] = gate([lambda doom=doom: sign_up(ticket, doom=doom)])
        if came_in is True:
            break
        assert came_in is False
        _check_nothing_happened()
    _check_somebody_came_in(invitations[0])
    assert patience >= FEW
    audit(secrets=[ticket])
    tell(request, f"cut after each of {patience} statements, then signed up")


def _start(world, raw_ticket):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.doomed_sign_up", raw_ticket],
        cwd=ROOT,
        env={**world.environment, "LIMITS": '{"sign_up": 1000}'},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _cut_connection():
    """End this thread's connection from another one, as an administrator or a failover does."""
    backend = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    other.close()


def _check_nothing_happened():
    assert Invitation.objects.pending().filter(email_address=ADA).count() == 2
    assert not User.objects.filter(email_address=ADA).exists()
    assert not Event.objects.filter(kind__in=["accepted", "superseded"]).exists()
    for invitation in Invitation.objects.all():
        assert invitation.messages.get().state == State.QUEUED


def _check_somebody_came_in(invitation):
    assert User.objects.get(email_address=ADA).signup_invitation == invitation
    assert Invitation.objects.get(pk=invitation.pk).status == "accepted"
