"""A server gets a signal to end or to reload: it answers the requests that it works on, and survives a killed
worker.
"""

import json
import signal
import socket
from contextlib import contextmanager

import psutil
import pytest
from django.db import connection, transaction

from invitations.models import Invitation
from tests.factories import SecretKeyFactory, UserFactory
from tests.faults.servers import answers, one_server, until, workers

ADA = "ada@example.com"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
SAID = json.dumps({"email_address": ADA}).encode()
BEGINS = {signal.SIGTERM: "Shutting down granian", signal.SIGHUP: "Stopping old worker-1"}


@pytest.fixture
def server(world):
    UserFactory(admin=True)  # without it every page leads to set-up
    with one_server(world) as (port, process):
        yield port, process


@pytest.fixture
def request_in_work(server):
    """A create whose body the server has asked for, so it is being worked on."""
    head = f"""POST /v1/invitations HTTP/1.1
Host: localhost
Authorization: Bearer {SecretKeyFactory().raw}
Content-Type: application/json
Content-Length: {len(SAID)}
Expect: 100-continue
Connection: close

"""
    with socket.create_connection(("127.0.0.1", server[0]), timeout=30) as wire:
        wire.sendall(head.replace("\n", "\r\n").encode())
        assert wire.recv(len(CONTINUE), socket.MSG_WAITALL) == CONTINUE
        yield wire


@contextmanager
def locked_database():
    """Lock the database, so that no other connection can create an invitation."""
    with transaction.atomic(), connection.cursor() as cursor:  # on SQLite this is the lock
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE invitations_invitation IN SHARE MODE")
        yield


def answer(wire):
    head, _, body = b"".join(iter(lambda: wire.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    return json.loads(body)


@pytest.mark.parametrize("told", BEGINS, ids=lambda told: told.name)
def test_a_request_that_waits_for_the_database_is_answered(told, server, world, request_in_work):
    with locked_database():
        request_in_work.sendall(SAID)
        server[1].send_signal(told)
        until(lambda: BEGINS[told] in world.logs)
    assert answer(request_in_work)["email_address"] == ADA
    assert Invitation.objects.filter(email_address=ADA).exists()


@pytest.mark.parametrize("told", BEGINS, ids=lambda told: told.name)
def test_a_request_whose_body_is_on_its_way_is_answered(told, server, world, request_in_work):
    server[1].send_signal(told)
    until(lambda: BEGINS[told] in world.logs)
    request_in_work.sendall(SAID)
    assert answer(request_in_work)["email_address"] == ADA


def test_a_server_told_to_end_ends_well_though_a_request_is_in_work(server, request_in_work):
    port, process = server
    process.terminate()
    until(lambda: not answers(port))
    request_in_work.sendall(SAID)
    assert answer(request_in_work)["email_address"] == ADA
    assert process.wait(10) == 0


def test_a_worker_killed_while_the_server_reloads_is_replaced(server):
    port, process = server
    former = workers(process)
    process.send_signal(signal.SIGHUP)
    until(lambda: workers(process) - former)
    [killed] = workers(process) - former
    psutil.Process(killed).kill()
    until(lambda: workers(process) - former - {killed} and not workers(process) & former)
    until(lambda: answers(port))
    assert process.poll() is None
