"""What mail servers do: silence, refusals, broken connections, bad certificates."""

import time

import pytest
from django.core.mail import EmailMessage, mailers

from invitations.delivery import transport
from invitations.models import Invitation, MailChannel, Message, Status, Ticket
from invitations.models.message import State
from tests.faults.sink import Sink

ADA = "ada@example.com"


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def invite_many(invite, *, number):
    return [invite(f"person{each}@example.com") for each in range(number)]


def test_a_server_that_is_down_delays_mail_and_loses_none(world, sink, invite, audit):
    sink.stop()
    invite_many(invite, number=50)
    world.run_worker()
    assert states() == [State.QUEUED] * 50
    assert set(Message.objects.values_list("last_error_class", flat=True)) == {"connection_lost"}
    sink.start()
    world.let_time_pass()
    world.run_worker()
    assert len(sink.mails) == 50
    audit()


def test_what_failed_waits_its_turn_before_it_is_tried_again(world, sink, invite):
    sink.stop()
    invite(ADA)
    world.run_worker()
    world.run_worker()
    assert Message.objects.get().attempts == 1


def test_a_silent_server_costs_seconds_and_others_go_on(world, sink, invite, audit):
    sink.script(ADA, "silence")
    invite(ADA)
    invite_many(invite, number=3)
    started = time.monotonic()
    world.run_worker()
    assert time.monotonic() - started < 20
    assert len(sink.mails) == 3
    assert Message.objects.get(recipient=ADA).last_error_class == "timeout"
    audit()


def test_a_server_that_hangs_up_at_once_is_tried_again(world, sink, invite, audit):
    sink.greeting = "drop"
    invite(ADA)
    world.run_worker()
    sink.greeting = "ok"
    world.let_time_pass()
    world.run_worker()
    assert len(sink.to(ADA)) == 1
    audit()


def test_only_the_deferred_message_is_tried_again(world, sink, invite, audit):
    sink.script(ADA, "450", "451 data")
    invite(ADA)
    invite_many(invite, number=3)
    world.run_worker()
    assert len(sink.mails) == 3
    for _ in range(2):
        world.let_time_pass()
        world.run_worker()
    message = Message.objects.get(recipient=ADA)
    assert (message.state, message.attempts, len(sink.to(ADA))) == (State.SENT, 3, 1)
    audit()


def test_a_refused_address_fails_at_once_and_alone(world, sink, invite, audit):
    sink.script("person6@example.com", "550")
    invitations = invite_many(invite, number=20)
    world.run_worker()
    assert len(sink.mails) == 19
    message = invitations[6].messages.get()
    assert (message.state, message.last_error_class) == (State.FAILED, "recipient_refused")
    assert Invitation.objects.get(pk=invitations[6].pk).status == Status.PENDING
    audit()


def test_refused_content_fails_at_once(world, sink, invite, audit):
    sink.script(ADA, "554 data")
    invite(ADA)
    world.run_worker()
    assert Message.objects.get().last_error_class == "content_refused"
    audit()


def test_a_refused_login_pauses_the_queue_with_one_alarm(world, sink, invite, audit):
    sink.accepts_logins = False
    invite_many(invite, number=10)
    workers = [world.start_worker(EMAIL_URL=sink.url_with_login) for _ in range(2)]
    _await_pause()
    time.sleep(3)  # time in which a hot loop would show
    for worker in workers:
        worker.terminate()
        worker.wait(10)
    assert 1 <= sink.logins <= 2 * len(workers)  # smtplib tries two mechanisms
    assert states() == [State.QUEUED] * 10
    assert world.logs.count("mail_paused") == 1
    sink.accepts_logins = True
    world.let_time_pass()
    world.run_worker(EMAIL_URL=sink.url_with_login)
    assert len(sink.mails) == 10
    assert MailChannel.objects.get().pauses == 0
    audit()


def _await_pause(*, seconds=60):
    deadline = time.monotonic() + seconds
    while not MailChannel.objects.filter(paused_until__isnull=False).exists():
        assert time.monotonic() < deadline, "the queue was never paused"
        time.sleep(0.1)


def test_a_pause_grows_while_the_server_refuses(world, sink, invite):
    sink.accepts_logins = False
    invite(ADA)
    for _ in range(3):
        world.let_time_pass()
        world.run_worker(EMAIL_URL=sink.url_with_login)
    assert MailChannel.objects.get().pauses == 3
    assert Message.objects.get().attempts == 0


def test_a_mail_stored_but_not_confirmed_may_come_twice_as_one(world, sink, invite, audit):
    sink.script(ADA, "store and drop")
    invitation = invite(ADA)
    world.run_worker()
    world.let_time_pass()
    world.run_worker()
    first, second = sink.to(ADA)
    assert first.message_id == second.message_id
    assert first.ticket != second.ticket
    assert {Ticket.objects.find(mail.ticket).invitation for mail in (first, second)} == {invitation}
    audit(faults=1)


def test_a_connection_cut_before_the_message_costs_one_attempt(world, sink, invite, audit):
    sink.script(ADA, "drop")
    invite(ADA)
    world.run_worker()
    world.let_time_pass()
    world.run_worker()
    assert len(sink.to(ADA)) == 1
    audit()


def test_a_server_nobody_vouches_for_gets_no_mail(world, invite, certificate):
    with Sink(certificate=certificate) as impostor:
        invite(ADA)
        world.run_worker(EMAIL_URL=impostor.url)
        assert impostor.mails == []
        assert Message.objects.get().last_error_class == "tls_failed"
        world.let_time_pass()
        world.run_worker(EMAIL_URL=impostor.url, SSL_CERT_FILE=str(certificate[0]))
        assert len(impostor.mails) == 1


def test_a_server_without_tls_gets_no_mail_where_tls_is_asked_for(world, sink, invite):
    invite(ADA)
    world.run_worker(EMAIL_URL=sink.url.replace("smtp://", "smtp+tls://"))
    assert sink.mails == []
    assert MailChannel.objects.get().pause_reason == "server_refused"


def test_a_server_that_trickles_is_cut_off(sink, settings, monkeypatch):
    monkeypatch.setattr(transport, "ATTEMPT_SECONDS", 2)
    sink.greeting = "trickle"
    options = {"host": "127.0.0.1", "port": sink.port, "timeout": 10}
    settings.MAILERS = {
        "transport": {"BACKEND": "invitations.delivery.SMTPBackend", "OPTIONS": options}
    }
    started = time.monotonic()
    with pytest.raises(OSError, match="closed"):
        mailers["transport"].send_messages([EmailMessage("Hello", "Hello", to=[ADA])])
    assert time.monotonic() - started < 6
