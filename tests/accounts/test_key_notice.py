"""All admins get a mail when a secret key is created or revoked."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import SecretKey
from invitations.models import Message
from tests.accounts.visiting import mails
from tests.factories import SecretKeyFactory, UserFactory


@pytest.fixture
def grace(admin):
    return admin.user


def told(mail):
    """Return the mail's text and HTML without their layout."""
    return " ".join(f"{mail.subject} {mail.body} {mail.alternatives[0][0]}".split())


def test_every_admin_is_told_of_a_new_key(grace):
    UserFactory(admin=True, email_address="ann@example.com")
    key, raw = SecretKey.objects.issue(
        name="Back office", by=grace, scope="read_only", expires_in_days=30
    )
    sent = mails()
    assert {mail.to[0] for mail in sent} == {"grace@example.com", "ann@example.com"}
    assert "A new API key for" in sent[0].subject
    for fact in (
        f"{key.prefix}…{key.last_four} · Back office",
        "Read only",
        f"{key.expires_at:%B %Y, %H:%M} UTC",
        f"{key.created_at:%B %Y, %H:%M} UTC",
        "Grace Hopper (grace@example.com)",
        "/keys",
    ):
        assert fact in told(sent[0])
    assert raw not in "".join(map(told, sent))


def test_every_admin_is_told_of_a_key_that_was_revoked(grace):
    key = SecretKeyFactory(name="Back office")
    Message.objects.all().delete()
    key.revoke(by=grace)
    key.revoke(by=grace)
    [mail] = mails()
    assert "was revoked" in mail.subject
    assert f"{key.prefix}…{key.last_four} · Back office" in told(mail)


def test_nobody_else_is_told(grace, operator):
    UserFactory()
    UserFactory(admin=True).ban(by=None)
    SecretKeyFactory()
    assert [mail.to[0] for mail in mails()] == ["grace@example.com"]


def test_a_key_made_on_the_server_is_told_of_too(grace):
    call_command("create_secret_key", "Nightly import", stdout=StringIO())
    [mail] = mails()
    assert "from the command line" in told(mail)


@pytest.mark.parametrize("name", ["evil.example.com", "https://evil.example", "a@evil.example"])
def test_no_name_becomes_a_link_in_the_mail(grace, name):
    SecretKeyFactory(name=name)
    [mail] = mails()
    assert "evil" not in told(mail)


def test_no_key_is_made_of_which_nobody_is_told(grace, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("no mail")

    monkeypatch.setattr("accounts.models.key_notice.compose", fail)
    with pytest.raises(OSError, match="no mail"):
        SecretKeyFactory()
    assert not SecretKey.objects.exists()
