import pytest
from django.core.mail import EmailMultiAlternatives

from invitations.mailbox import MailboxBackend, messages


@pytest.fixture
def mail(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path
    message = EmailMultiAlternatives(
        "Welcome <b>",
        "Open http://localhost:8000/v1/tickets/accept?ticket=olt_x now",
        "o@example.com",
        ["a@example.com"],
    )
    message.attach_alternative(
        '<script>alert(1)</script><a target="_blank" href="http://localhost/x">Go</a>', "text/html"
    )
    MailboxBackend(alias="transport").send_messages([message])
    return messages()[0]


def text(response):
    return " ".join(response.content.decode().split())


def test_the_mailbox_lists_what_was_sent(admin, mail):
    page = text(admin.get("/mailbox"))
    assert "Welcome &lt;b&gt;" in page
    assert "a@example.com" in page


def test_an_empty_mailbox_says_what_to_do(admin, settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "none"
    assert "No messages yet" in text(admin.get("/mailbox"))


def test_a_message_is_shown_as_html_and_as_text(admin, mail):
    page = admin.get(f"/mailbox/{mail.id}")
    assert f'src="/mailbox/{mail.id}/html"' in text(page)
    assert '<a href="http://localhost:8000/v1/tickets/accept?ticket=olt_x"' in text(page)
    assert page["Cache-Control"] == "no-store"


def test_the_html_is_a_document_that_runs_nothing(admin, mail):
    answer = admin.get(f"/mailbox/{mail.id}/html")
    assert answer["Content-Security-Policy"] == (
        "sandbox allow-popups allow-top-navigation-by-user-activation; "
        "style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert 'target="_top"' in text(answer)


def test_an_unknown_message_is_no_page(admin, mail):
    for path in ("/mailbox/none", "/mailbox/../settings.py", "/mailbox/1/html", "/mailbox/%00"):
        assert admin.get(path).status_code == 404


def test_strangers_and_members_read_no_mail(stranger, member, mail):
    for path in ("/mailbox", f"/mailbox/{mail.id}", f"/mailbox/{mail.id}/html"):
        assert stranger.get(path).status_code == 302
        assert member.get(path).status_code == 404


def test_the_mailbox_is_for_admins_since_their_codes_lie_there_too(operator, mail):
    assert operator.get("/mailbox").status_code == 404
    assert operator.get(f"/mailbox/{mail.id}").status_code == 404
    assert operator.get(f"/mailbox/{mail.id}/html").status_code == 404
    assert "Mailbox" not in operator.get("/invitations").text
