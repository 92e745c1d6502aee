from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Application, User


def test_an_admin_from_the_environment(db, monkeypatch, client):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL_ADDRESS", "Grace@Example.com")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", interactive=False, stdout=StringIO())
    admin = User.objects.get()
    assert admin.email_address == "grace@example.com"
    assert admin.is_superuser
    assert admin.signup_grant == "operator"
    assert Application.objects.is_set_up()
    answer = client.post(
        "/sign-in", {"login": "grace@example.com", "password": "correct horse battery"}
    )
    assert answer.status_code == 302


def test_an_admin_by_question_and_answer(db, monkeypatch):
    terminal = StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("builtins.input", lambda _question: "grace@example.com")
    monkeypatch.setattr("getpass.getpass", lambda *_question: "correct horse battery")
    call_command("createsuperuser", stdin=terminal, stdout=StringIO())
    assert User.objects.get().check_password("correct horse battery")


@pytest.mark.parametrize("address", ["", "grace", "g" * 300])
def test_nobody_without_a_good_address(db, monkeypatch, address):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL_ADDRESS", address)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    with pytest.raises(CommandError):
        call_command("createsuperuser", interactive=False)
    assert not User.objects.exists()


def test_an_address_that_has_an_account_is_refused_in_words(db, monkeypatch, member):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL_ADDRESS", "Max@example.com")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    with pytest.raises(CommandError, match="has an account already"):
        call_command("createsuperuser", interactive=False)
    assert not User.objects.filter(is_superuser=True).exists()
