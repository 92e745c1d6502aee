"""What each error of a mail server or provider leads to."""

import json
import smtplib
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers

from invitations.delivery.faults import TRANSPORT_ERRORS, Remedy, fault_of


@pytest.mark.parametrize(
    ("error", "remedy", "reason"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), Remedy.FAIL, "recipient_refused"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), Remedy.RETRY, "try_later"),
        (smtplib.SMTPRecipientsRefused({"a": (530, b"log in")}), Remedy.PAUSE, "auth_refused"),
        (smtplib.SMTPDataError(554, b"spam"), Remedy.FAIL, "content_refused"),
        (smtplib.SMTPDataError(451, b"later"), Remedy.RETRY, "try_later"),
        (smtplib.SMTPAuthenticationError(535, b"no"), Remedy.PAUSE, "auth_refused"),
        (
            smtplib.SMTPSenderRefused(550, b"no", "ollio@example.com"),
            Remedy.PAUSE,
            "sender_refused",
        ),
        (smtplib.SMTPConnectError(421, b"busy"), Remedy.PAUSE, "server_refused"),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), Remedy.PAUSE, "server_refused"),
        (smtplib.SMTPServerDisconnected("gone"), Remedy.RETRY, "connection_lost"),
        (ConnectionRefusedError(), Remedy.RETRY, "connection_lost"),
        (TimeoutError(), Remedy.RETRY, "timeout"),
        (ssl.SSLCertVerificationError("self-signed"), Remedy.RETRY, "tls_failed"),
        (ImproperlyConfigured("no token"), Remedy.PAUSE, "misconfigured"),
        (ValueError("no address"), Remedy.FAIL, "unsendable"),
    ],
)
def test_every_error_has_one_remedy(error, remedy, reason):
    assert isinstance(error, TRANSPORT_ERRORS)
    assert fault_of(error) == (remedy, reason)


@pytest.fixture
def provider(settings):
    """A provider's HTTP API that answers with `status` and Postmark's `ErrorCode`."""

    class Provider(BaseHTTPRequestHandler):
        status, code, message = (
            200,
            0,
            "Found inactive addresses: ada@example.com. Inactive recipients",
        )

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(Provider.status)
            self.end_headers()
            self.wfile.write(
                json.dumps({"ErrorCode": Provider.code, "Message": Provider.message}).encode()
            )

        def log_message(self, *_line):
            pass

    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        options = {"server_token": "x", "api_url": f"http://127.0.0.1:{server.server_port}/"}
        settings.MAILERS = {
            "transport": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}
        }
        yield Provider
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "code", "remedy", "reason"),
    [
        (429, 0, Remedy.PAUSE, "too_many"),
        (401, 10, Remedy.PAUSE, "auth_refused"),
        (404, 0, Remedy.PAUSE, "server_refused"),
        (503, 0, Remedy.RETRY, "try_later"),
        (422, 300, Remedy.FAIL, "content_refused"),
        (422, 406, Remedy.FAIL, "recipient_refused"),
    ],
)
def test_a_providers_refusal_has_one_remedy(provider, status, code, remedy, reason):
    provider.status, provider.code = status, code
    with pytest.raises(TRANSPORT_ERRORS) as caught:
        mailers["transport"].send_messages([EmailMessage("Hello", "Hello", to=["ada@example.com"])])
    assert fault_of(caught.value) == (remedy, reason)


def test_a_provider_that_is_away_is_tried_again(settings):
    options = {"server_token": "x", "api_url": "http://127.0.0.1:9/"}
    settings.MAILERS = {
        "transport": {"BACKEND": "anymail.backends.postmark.EmailBackend", "OPTIONS": options}
    }
    with pytest.raises(TRANSPORT_ERRORS) as caught:
        mailers["transport"].send_messages([EmailMessage("Hello", "Hello", to=["ada@example.com"])])
    assert fault_of(caught.value) == (Remedy.RETRY, "connection_lost")
