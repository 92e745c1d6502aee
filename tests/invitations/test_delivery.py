"""The states of a message: queued, claimed, sent, marked."""

from threading import Event as Stop

import pytest
from django.core.mail import EmailMessage, mailers
from django.db import OperationalError, transaction

from accounts.addresses import normalise_email
from accounts.emails import account_exists
from config.database import DatabaseNow
from config.mail import compose
from invitations import mailbox
from invitations.delivery import outcomes, worker
from invitations.delivery.claims import CODE_MAIL_LIFETIME, claim, next_due
from invitations.delivery.sending import deliver
from invitations.delivery.worker import Step, step
from invitations.models import Event, Invitation, Message, Ticket
from invitations.models.message import State
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roads(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MAILERS = {
        "default": {"BACKEND": "invitations.delivery.OutboxBackend"},
        "transport": {"BACKEND": "invitations.mailbox.MailboxBackend"},
    }


@pytest.fixture
def invite():
    operator = UserFactory(operator=True)

    def invite(email_address="ada@example.com", **fields):
        address = normalise_email(email_address)
        return Invitation.objects.create_pending(address=address, by=operator, **fields)

    return invite


def drain():
    worker.drain(Stop())


def send_code():
    compose(
        "code",
        to="max@example.com",
        context={"application": "Acme", "code": "042137", "minutes": 10, "purpose": "sign_in"},
    ).send()


def test_an_invitation_is_mailed_with_a_ticket_of_its_own(invite):
    invitation = invite()
    drain()
    [mail] = mailbox.messages()
    assert mail.to == "ada@example.com"
    raw = mail.text.split("ticket=")[1].split()[0]
    assert Ticket.objects.find(raw).invitation == invitation
    message = Message.objects.get()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert dict(mail.headers)["Message-ID"] == message.message_id
    assert dict(mail.headers)["Auto-Submitted"] == "auto-generated"
    assert Event.objects.filter(subject=invitation.pk).latest("id").kind == "mail_sent"


def test_account_mail_is_sealed_until_it_is_sent_and_erased_after():
    send_code()
    message = Message.objects.get()
    assert message.urgent
    assert "042137" not in str(Message.objects.values())
    drain()
    [mail] = mailbox.messages()
    assert "042137" in mail.text
    assert "042137" in mail.html
    assert Message.objects.get().sealed_body == ""


def test_account_mail_belongs_to_the_transaction_that_asks_for_it():
    with transaction.atomic():
        send_code()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_the_outbox_takes_one_recipient():
    email = EmailMessage("Hello", "Hello", to=["a@example.com", "b@example.com"])
    with pytest.raises(ValueError, match="one recipient"):
        mailers["default"].send_messages([email])


@pytest.mark.usefixtures("still_windows")
def test_codes_overtake_invitations_and_wait_for_no_rate(invite, settings):
    settings.LIMITS = {"sending": 1}
    invite("first@example.com")
    invite("second@example.com")
    send_code()
    assert step() is Step.DONE
    assert Message.objects.get(urgent=True).state == State.SENT
    assert [step(), step()] == [Step.DONE, Step.HELD]
    send_code()
    assert step() is Step.DONE


def test_a_second_mail_to_an_address_is_held_not_dropped(invite):
    invite()
    invite(ignore_existing=True)
    drain()
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.QUEUED, State.SENT]


def test_a_closed_invitation_sends_nothing(invite):
    invitation = invite()
    candidate = next_due()
    invitation.revoke(by=None)
    Message.objects.update(state=State.QUEUED)  # as if it was revoked just before
    assert claim(candidate) is None
    assert Message.objects.get().state == State.CANCELLED


def test_mail_of_an_expired_invitation_is_given_up(invite):
    invitation = invite()
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=DatabaseNow())
    drain()
    message = Message.objects.get()
    assert (message.state, message.last_error_class) == (State.FAILED, "gave_up")
    assert mailbox.messages() == []


def test_a_message_that_kills_its_workers_comes_to_an_end(invite):
    invitation = invite()
    Message.objects.update(
        state=State.SENDING, attempts=outcomes.MAX_ATTEMPTS, lease_until=invitation.created_at
    )
    drain()
    assert Message.objects.get().last_error_class == "gave_up"
    assert Event.objects.filter(subject=invitation.pk, kind="mail_failed").exists()


def test_the_mail_of_a_code_long_dead_is_given_up():
    send_code()
    Message.objects.update(created_at=DatabaseNow() - CODE_MAIL_LIFETIME)
    drain()
    message = Message.objects.get()
    assert (message.state, message.last_error_class) == (State.FAILED, "gave_up")
    assert message.sealed_body == ""
    assert mailbox.messages() == []


def test_a_notice_is_worth_reading_later():
    account_exists("ada@example.com").send()
    Message.objects.update(created_at=DatabaseNow() - CODE_MAIL_LIFETIME)
    drain()
    assert Message.objects.get().state == State.SENT


def test_a_late_worker_overwrites_nothing(invite):
    invite()
    late = claim(next_due())
    Message.objects.update(lease_until=Message.objects.get().created_at)
    newer = claim(next_due())
    assert not outcomes.mark_sent(late)
    outcomes.put_off(late, reason="timeout")
    assert Message.objects.get().lease_owner == newer.message.lease_owner
    assert outcomes.mark_sent(newer)


def test_a_claimed_message_is_nobody_elses(invite):
    invite()
    candidate = next_due()
    assert claim(candidate)
    assert claim(candidate) is None
    assert next_due() is None


def test_a_claim_hides_its_ticket_from_logs(invite):
    invite()
    taken = claim(next_due())
    assert taken.raw_ticket.startswith("olt_")
    assert taken.raw_ticket not in repr(taken)


def test_patience_grows_and_ends_after_a_day():
    minutes = [
        outcomes.pause_after(attempt).total_seconds() / 60
        for attempt in range(1, outcomes.MAX_ATTEMPTS)
    ]
    for waited, least in zip(minutes, [1, 5, 15, 60, 60], strict=False):
        assert least <= waited <= least * 1.25
    assert 24 <= sum(minutes) / 60 <= 30


def test_the_last_attempt_gives_up(invite):
    invite()
    taken = claim(next_due())
    taken.message.attempts = outcomes.MAX_ATTEMPTS
    outcomes.put_off(taken, reason="timeout")
    assert Message.objects.get().state == State.FAILED


def test_a_broken_template_fails_its_message_alone(invite, settings, tmp_path):
    broken = tmp_path / "emails" / "invitation"
    broken.mkdir(parents=True)
    (broken / "body.mjml").write_text("<mjml><mj-body>{{ link }}</mj-text>")
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**templates, "DIRS": [tmp_path, *templates["DIRS"]]}]
    invite()
    send_code()
    drain()
    assert Message.objects.get(urgent=False).last_error_class == "template_broken"
    assert Message.objects.get(urgent=True).state == State.SENT


def test_mail_sealed_under_a_lost_key_fails(settings):
    send_code()
    settings.SECRET_KEY = "another-key-" * 6
    drain()
    assert Message.objects.get().last_error_class == "unreadable"


def test_a_mail_that_is_out_is_marked_though_the_database_was_gone(invite, monkeypatch):
    mark, answers = outcomes.mark_sent, iter([OperationalError("gone")])

    def mark_at_the_second_try(claim):
        for error in answers:
            raise error
        return mark(claim)

    monkeypatch.setattr(outcomes, "mark_sent", mark_at_the_second_try)
    monkeypatch.setattr("invitations.delivery.sending.connection.close", lambda: None)
    invite()
    deliver(claim(next_due()))
    assert Message.objects.get().state == State.SENT
