"""The local mailbox: messages as files."""

import pytest
from django.core.mail import EmailMultiAlternatives, mailers

from invitations import mailbox


@pytest.fixture(autouse=True)
def road(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MAILERS = {"transport": {"BACKEND": "invitations.mailbox.MailboxBackend"}}


def send(subject="Héllo"):
    email = EmailMultiAlternatives(subject, "as text", "Ollio <o@example.com>", ["ada@example.com"])
    email.attach_alternative("<p>as html</p>", "text/html")
    mailers["transport"].send_messages([email])


def test_a_message_is_kept_and_read_again():
    send()
    [listed] = mailbox.messages()
    mail = mailbox.message(listed.id)
    assert (mail.subject, mail.to) == ("Héllo", "ada@example.com")
    assert mail.text.strip() == "as text"
    assert mail.html.strip() == "<p>as html</p>"
    assert mail.date


def test_messages_come_newest_first():
    for subject in ("one", "two", "three"):
        send(subject)
    assert [mail.subject for mail in mailbox.messages()] == ["three", "two", "one"]


def test_an_empty_mailbox_has_no_folder_yet():
    assert mailbox.messages() == []


def test_only_its_owner_reads_the_mailbox(settings):
    send()
    [path] = settings.MAILBOX_DIR.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.MAILBOX_DIR.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "mail_id", ["", "..", "../secret", "0" * 19 + "-" + "a" * 8, "x" * 28, "1\n"]
)
def test_an_id_of_no_message_is_unknown(mail_id, settings):
    (settings.MAILBOX_DIR.parent / "secret.eml").write_text("Subject: secret\n\n")
    with pytest.raises(mailbox.UnknownMail):
        mailbox.message(mail_id)
