"""In production without a mail server, mail waits; nothing fails, is lost or is written to a file."""

import os
import subprocess
import sys
from threading import Event as Stop

import pytest
from django.conf import settings as project

from config.checks import mail_can_leave
from invitations import mailbox
from invitations.delivery import worker
from invitations.models import Invitation, MailChannel, Message
from tests.factories import InvitationFactory

PRODUCTION = {
    "DATABASE_URL": "sqlite:///:memory:",  # without a database query
    "DEBUG": "false",
    "BASE_URL": "https://ollio.example.com",
    "SECRET_KEY": "production-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
MAILBOX = {"BACKEND": "invitations.mailbox.MailboxBackend"}
NOWHERE = {"BACKEND": "invitations.delivery.NoTransport"}


@pytest.fixture
def road(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"

    def road(transport):
        settings.MAILERS = {**settings.MAILERS, "transport": transport}

    road(NOWHERE)
    return road


def invite(api):
    body = {"email_address": "ada@example.com"}
    return api.post("/v1/invitations", body, content_type="application/json")


def check_deploy(**environment):
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=project.BASE_DIR,
        env={**os.environ, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    ).stderr


@pytest.mark.django_db
def test_create_answers_and_its_mail_waits(api, road):
    assert invite(api).status_code == 200
    worker.drain(Stop())
    message = Message.objects.get()
    assert (message.state, message.attempts) == ("queued", 0)
    assert MailChannel.objects.get().pause_reason == "not_configured"
    assert mailbox.messages() == []


@pytest.mark.django_db
def test_the_list_says_that_the_mail_waits(api, operator, road):
    invite(api)
    worker.drain(Stop())
    assert Invitation.objects.with_delivery().get().mail_state == "queued"
    assert "Not sent" not in operator.get("/invitations").text


@pytest.mark.django_db
def test_what_waited_leaves_once_there_is_a_road(api, road):
    invite(api)
    worker.drain(Stop())
    road(MAILBOX)
    MailChannel.objects.update(paused_until=InvitationFactory().created_at)
    worker.drain(Stop())
    assert [mail.to for mail in mailbox.messages()] == ["ada@example.com"]
    assert MailChannel.objects.get().pause_reason == ""


def test_a_deploy_check_says_what_to_set(road):
    [warning] = mail_can_leave()
    assert "EMAIL_URL" in warning.hint
    road(MAILBOX)
    assert mail_can_leave() == []


def test_production_without_a_mail_server_is_warned():
    assert "ollio.W001" in check_deploy()
    assert "ollio.W001" not in check_deploy(EMAIL_URL="smtp://localhost:25")
