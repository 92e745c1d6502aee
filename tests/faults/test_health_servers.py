"""Health probes as they arrive in practice: at an IP address, with short timeouts, with or without a Host header."""

import json

import pytest

from invitations.delivery import channel
from tests.faults.servers import exchange, server_processes


@pytest.fixture
def port(world):
    channel.beat()
    with server_processes(world, processes=1) as (port,):
        yield port


def status_of(answer):
    return int(answer.split(" ", 2)[1])


def test_a_probe_needs_no_host_of_ours(port):
    for path in ("/livez", "/readyz", "/healthz"):
        for host in ("Host: 10.42.0.7:8000", "Host: evil.example", "Host:"):
            answer = exchange(port, f"GET {path} HTTP/1.1", host)
            assert status_of(answer) == 200
            assert json.loads(answer.partition("\r\n\r\n")[2])["failing"] == []
    assert status_of(exchange(port, "GET /healthz HTTP/1.0")) == 200


def test_no_answer_tells_what_serves_it(port):
    for path in ("/healthz", "/sign-in", "/static/css/app.css", "/v1/users"):
        answer = exchange(port, f"GET {path} HTTP/1.1", "Host: localhost")
        assert "granian" not in answer.partition("\r\n\r\n")[0]


def test_a_probe_by_head_has_no_body(port):
    answer = exchange(port, "HEAD /healthz HTTP/1.1", "Host: 10.42.0.7")
    assert status_of(answer) == 200
    assert answer.partition("\r\n\r\n")[2] == ""


def test_what_is_nearly_a_probe_is_a_page(port):
    for path in ("//healthz", "/healthz/", "/./healthz"):
        assert status_of(exchange(port, f"GET {path} HTTP/1.1", "Host: localhost")) == 404


def test_a_probe_leaves_no_line_while_all_is_well(port, world):
    exchange(port, "GET /healthz HTTP/1.1", "Host: 10.42.0.7")
    assert "health" not in world.logs


def test_a_foreign_host_is_one_line_without_a_traceback(port, world):
    for path in ("/sign-in", "/v1/users", "/__clerk/v1/environment", "/v1/tickets/accept"):
        before = world.logs
        answer = exchange(port, f"GET {path} HTTP/1.1", "Host: evil.example")
        assert status_of(answer) == 400
        assert "lists its hosts in ALLOWED_HOSTS" in answer or "its Host header" in answer
        (line,) = world.logs.removeprefix(before).splitlines()
        assert f"GET {path}" in line
        assert "refused=host" in line
        assert "'evil.example'" in line
