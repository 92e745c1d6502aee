"""Requests byte for byte, as curl and the SDKs send them; Django's test client cannot do that."""

import json
import socket

import pytest

from invitations.models import Invitation
from tests.factories import SecretKeyFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def say(live_server):
    """Send header lines and a body; `{key}` stands for a live key. Return status, headers and body text."""
    raw = SecretKeyFactory().raw
    host = (live_server.thread.host, live_server.thread.port)

    def _say(*lines, body=""):
        head = "\r\n".join([*lines, f"Host: localhost:{host[1]}", "Connection: close", "", ""])
        with socket.create_connection(host, timeout=20) as connection:
            connection.sendall((head.replace("{key}", raw) + body).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        head, _blank, text = answer.partition("\r\n\r\n")
        status, *headers = head.split("\r\n")
        return int(status.split()[1]), dict(line.split(": ", 1) for line in headers), text

    return _say


CREATE = '{"email_address": "email@example.com", "redirect_url": "https://www.example.com/accept-invitation"}'
CURL = [
    "Authorization:Bearer {key}",
    "User-Agent: curl/8.9.1",
    "Accept: */*",
    "Content-Type:application/json",
]


def test_the_clients_three_curl_lines(say):
    first = '{"email_address": "email@example.com"}'
    status, headers, text = say(
        "POST /v1/invitations HTTP/1.1", *CURL, f"Content-Length: {len(first)}", body=first
    )
    assert (status, headers["Content-Type"]) == (200, "application/json")

    # curl -X POST without data sends neither a body nor a Content-Length
    path = f"/v1/invitations/{json.loads(text)['id']}/revoke"
    status, _headers, text = say(f"POST {path} HTTP/1.1", *CURL)
    assert (status, json.loads(text)["status"]) == (200, "revoked")

    status, _headers, text = say(
        "POST /v1/invitations HTTP/1.1", *CURL, f"Content-Length: {len(CREATE)}", body=CREATE
    )
    assert (status, json.loads(text)["redirect_url"]) == (
        200,
        "https://www.example.com/accept-invitation",
    )


def test_the_placeholder_left_in_the_line_is_404(say):
    assert say("POST /v1/invitations/<invitation_id>/revoke HTTP/1.1", *CURL)[0] == 404


def test_an_empty_body_with_the_sdks_type_and_length(say):
    status, _headers, text = say("POST /v1/invitations HTTP/1.1", *CURL, "Content-Length: 0")
    assert (status, json.loads(text)["errors"][0]["code"]) == (422, "form_param_missing")


def test_a_get_with_a_type_and_no_body(say):
    status, headers, text = say("GET /v1/invitations?paginated=true HTTP/1.1", *CURL)
    assert (status, json.loads(text)) == (200, {"data": [], "total_count": 0})
    assert headers["Content-Length"] == str(len(text))


def test_two_authorization_lines(say):
    status, headers, _text = say(
        "GET /v1/invitations HTTP/1.1", *CURL, "Authorization: Bearer other"
    )
    assert status == 401
    assert headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/v1/invitations", "/v1/nothing"])
def test_an_error_without_a_key_is_plain_json_with_its_length(say, path):
    _status, headers, text = say(f"DELETE {path} HTTP/1.1")
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Length"] == str(len(text))


def test_a_body_is_read_no_further_than_its_length(say):
    status, _headers, _text = say(
        "POST /v1/invitations HTTP/1.1", *CURL, "Content-Length: 3", body=CREATE
    )
    assert status == 400
    assert not Invitation.objects.exists()
