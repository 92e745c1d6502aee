"""Leaked passwords: if a service is configured, Ollio asks it for all hashes with the same beginning."""

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from structlog.testing import capture_logs

from accounts.passwords import breaches, is_breached
from tests.factories import PASSWORD

SHA1 = hashlib.sha1(PASSWORD.encode()).hexdigest().upper()
PADDING = f"{'0' * 34}A:0\r\n{'0' * 34}B:7\r\n"
GOOD = f"{PADDING}{SHA1[5:]}:42\r\n"


class Service:
    """A range service on loopback; the test sets its answer."""

    def __init__(self):
        self.asked, self.words, self.status, self.gate = [], PADDING, 200, threading.Event()
        self.gate.set()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append((self.path, self.headers["Add-Padding"]))
                service.gate.wait(30)
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(service.words.encode())

            def log_message(self, *_arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/range/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def service(settings, monkeypatch):
    monkeypatch.setattr(breaches, "_resting_until", 0.0)
    service = Service()
    settings.BREACHED_PASSWORDS_URL = service.url
    yield service
    service.stop()


@pytest.fixture
def log():
    with capture_logs() as lines:
        yield lines


def test_a_leaked_password_is_refused_and_the_service_learns_five_digits(service, db):
    service.words = GOOD
    with pytest.raises(ValidationError, match="leak of another site") as refused:
        validate_password(PASSWORD)
    assert [each.code for each in refused.value.error_list] == ["password_breached"]
    assert service.asked == [(f"/range/{SHA1[:5]}", "true")]


def test_what_did_not_leak_is_accepted(service, log):
    assert not is_breached(PASSWORD)
    assert log == []


def test_a_line_of_padding_is_no_leak(service):
    service.words = f"{PADDING}{SHA1[5:]}:0\r\n"
    assert not is_breached(PASSWORD)


def test_nobody_is_asked_unless_a_service_is_named(service, settings):
    settings.BREACHED_PASSWORDS_URL = ""
    assert not is_breached(PASSWORD)
    assert service.asked == []


def test_nobody_is_asked_for_what_is_refused_anyway(service, db):
    for easy in ("short", "password", "Summer2026!"):
        with pytest.raises(ValidationError):
            validate_password(easy)
    assert service.asked == []


def test_the_apis_have_a_code_for_it(service, api, client):
    service.words = GOOD
    said = {"email_address": ["ada@example.com"], "password": PASSWORD}
    answer = api.post("/v1/users", said, content_type="application/json")
    assert answer.json()["errors"][0]["code"] == "form_password_pwned"
    said["email_address"] = "ada@example.com"
    answer = client.post("/__clerk/v1/client/sign_ups", said, content_type="application/json")
    assert answer.json()["errors"][0]["code"] == "form_password_pwned"


@pytest.mark.parametrize(
    ("status", "words"), [(200, "<html>"), (200, ""), (500, GOOD), (404, ""), (200, "\0" * 9000)]
)
def test_a_service_that_is_broken_stops_nobody(service, log, status, words):
    service.status, service.words = status, words
    assert not is_breached(PASSWORD)
    assert [line["event"] for line in log] == ["breached_passwords_away"]
    assert SHA1[:5] not in str(log)
    assert PASSWORD not in str(log)


def test_a_service_that_is_away_stops_nobody_and_rests_a_while(service, log):
    service.stop()
    assert not is_breached(PASSWORD)
    assert not is_breached(PASSWORD)
    assert len(log) == 1


def test_a_service_that_is_slow_stops_nobody_for_long(service, log):
    service.gate.clear()
    began = time.monotonic()
    assert not is_breached(PASSWORD)
    assert time.monotonic() - began < 20  # the service would answer after 30 seconds
    assert not is_breached(PASSWORD)
    assert len(service.asked) == 1


def test_a_service_that_is_back_is_asked_again(service, monkeypatch):
    service.status = 500
    is_breached(PASSWORD)
    service.status, service.words = 200, GOOD
    monkeypatch.setattr(breaches, "_resting_until", time.monotonic())
    assert is_breached(PASSWORD)
