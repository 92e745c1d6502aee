"""What the server of the Procfile does before and around Ollio, over real connections."""

import json
import re
import signal
import socket

import psutil
import pytest
from django.conf import settings

from invitations.models import Invitation
from tests.faults.servers import answers, until, workers

HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
JSON = b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"Connection: close\r\n\r\n"
KIB = 1024


@pytest.fixture
def send(served):
    """Send raw bytes; return the status and the complete response."""

    def send(*said):
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
            connection.sendall(b"".join(said))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        return int(answer.split(b" ", 2)[1]), answer

    return send


@pytest.fixture
def key(served):
    return b"Authorization: Bearer %s\r\n" % served.key.encode()


def test_a_header_block_beyond_16_kib_is_431(send):
    start = b"GET /sign-in HTTP/1.1\r\n" + HOST
    assert send(start, b"X-Long: ", b"x" * 15 * KIB, b"\r\n", LAST)[0] == 200
    assert send(start, b"X-Long: ", b"x" * 16 * KIB, b"\r\n", LAST)[0] == 431
    assert send(start, b"X-Many: yes\r\n" * 2000, LAST)[0] == 431


def test_a_form_with_files_is_refused_before_it_comes(send):
    files = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 700000000\r\n\r\n"
    status, answer = send(b"POST /sign-in HTTP/1.1\r\n", HOST, files)
    assert status == 415
    assert b"No files are taken here" in answer


def test_a_long_body_is_refused_before_it_comes(send, key):
    long = b"Content-Length: 262145\r\n\r\n"
    assert send(b"POST /sign-in HTTP/1.1\r\n", HOST, FORM, long)[0] == 413
    status, answer = send(b"POST /v1/invitations HTTP/1.1\r\n", HOST, JSON, key, long)
    assert status == 413
    assert b"request_body_too_large" in answer


def test_a_chunked_body_is_read_and_counted(send, key):
    start = [b"POST /v1/invitations HTTP/1.1\r\n", HOST, JSON, key, CHUNKED, LAST]
    said = json.dumps({"email_address": "ada@example.com"}).encode()
    parts = [b"5\r\n", said[:5], b"\r\n", b"%x\r\n" % len(said[5:]), said[5:], b"\r\n0\r\n\r\n"]
    assert send(*start, *parts)[0] == 200
    assert Invitation.objects.filter(email_address="ada@example.com").exists()
    trailer = [b"2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n"]
    assert send(*start, *trailer)[0] == 422
    too_much = [b"10000\r\n", b" " * 65536, b"\r\n"] * 4 + [b"1\r\n \r\n"]
    status, answer = send(*start, *too_much)
    assert status == 413
    assert b"request_body_too_large" in answer
    shorter = b"Content-Length: 5\r\n"  # shorter than the body
    assert send(start[0], shorter, *start[1:], *too_much)[0] in {400, 413}


def test_a_body_that_breaks_off_does_nothing(served, send, key):
    said = json.dumps({"email_address": "broken@example.com"}).encode()
    start = b"POST /v1/invitations HTTP/1.1\r\n" + HOST + JSON + key
    for length in (b"Content-Length: 500\r\n\r\n", CHUNKED + b"\r\n%x\r\n" % len(said)) * 5:
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(start + length + said)
    for _ in range(20):  # more requests than threads, so all earlier work is done
        assert send(b"GET /sign-in HTTP/1.1\r\n", HOST, LAST)[0] == 200
    assert not Invitation.objects.filter(email_address="broken@example.com").exists()
    assert "Traceback" not in served.world.logs


def test_a_body_in_countless_chunks_is_refused(send):
    start = [b"POST /sign-in HTTP/1.1\r\n", HOST, FORM, CHUNKED, b"\r\n"]
    assert send(*start, b"1\r\na\r\n" * 5000)[0] == 400


def test_a_header_with_underscores_is_nobodys(served, send):
    """Proxies set the client's address in headers with hyphens. They let the spelling with underscores through
    unchanged.
    """
    spoofed = b"X_Forwarded_For: 198.51.100.66\r\n"
    said = b"X-Forwarded-For: 203.0.113.9\r\n"
    start = b"GET /underscored HTTP/1.1\r\n" + HOST
    for headers in (spoofed + said, said + spoofed, spoofed):
        assert send(start, headers, LAST)[0] == 404
    asked = re.findall(r"ip=(\S+) request='GET /underscored'", served.world.logs)
    assert asked == ["203.0.113.9", "203.0.113.9", "127.0.0.1"]


def test_nobody_hides_by_a_forwarded_address_that_cannot_be_read(served, send):
    """The proxy adds its entry to the visitor's header line, or adds a line of its own."""
    start = b"GET /hidden HTTP/1.1\r\n" + HOST
    one_line = b"X-Forwarded-For: \xc3\xa9, 203.0.113.9\r\n"
    two_lines = b"X-Forwarded-For: \xe9\r\nX-Forwarded-For: 203.0.113.9\r\n"
    for said in (one_line, two_lines, b"X-Forwarded-For: 198.51.100.66\r\n" + one_line):
        assert send(start, said, LAST)[0] == 404
    asked = re.findall(r"ip=(\S+) request='GET /hidden'", served.world.logs)
    assert asked == ["203.0.113.9"] * 3


def test_a_cookie_of_another_site_hides_none_of_ours(send):
    """A neighbouring host can set cookies for both hosts, in any characters. Browsers send all cookies in one line."""
    start = b"POST /sign-in HTTP/1.1\r\n" + HOST + FORM + b"Content-Length: 0\r\n"
    referer = b"Referer: http://localhost:8000/sign-in\r\n"
    ours = settings.CSRF_COOKIE_NAME.encode() + b"=" + b"a" * 32
    for theirs in (b"", b"; name=Jos\xc3\xa9", b"; name=Jos\xe9"):
        _status, answer = send(start, referer, b"Cookie: ", ours, theirs, b"\r\n", LAST)
        assert b"This page had become out of date" in answer


def test_an_idempotency_key_that_is_not_ascii_is_refused(send, key):
    start = b"POST /v1/invitations HTTP/1.1\r\n" + HOST + JSON + key
    named = "Idempotency-Key: Größe 42\r\n".encode() + b"Content-Length: 2\r\n"
    status, answer = send(start, named, LAST, b"{}")
    assert status == 422
    assert b"Idempotency-Key: Send 1 to 255 visible ASCII characters." in answer


def test_cookies_of_several_lines_and_paths_of_all_characters_are_read(send):
    cookies = b"Cookie: a=1\r\nCookie: b=2\r\n"
    assert send(b"GET /%C3%A9%FF?q=%FF HTTP/1.1\r\n", HOST, cookies, LAST)[0] == 404


def test_a_file_is_answered_whole(send):
    status, answer = send(b"GET /static/css/app.css HTTP/1.1\r\n", HOST, LAST)
    assert status == 200
    assert answer.endswith(b"layer(utilities);\n")
    part = b"Range: bytes=0-5\r\n"
    assert send(b"GET /static/css/app.css HTTP/1.1\r\n", HOST, part, LAST)[0] == 200


def test_a_killed_worker_is_replaced(served):
    [killed] = workers(served.process)
    psutil.Process(killed).kill()
    until(lambda: workers(served.process) - {killed})
    until(lambda: answers(served.port))


def test_it_reloads_when_it_is_told_to(served):
    former = workers(served.process)
    served.process.send_signal(signal.SIGHUP)
    until(lambda: (now := workers(served.process)) and not now & former)
    until(lambda: answers(served.port))
