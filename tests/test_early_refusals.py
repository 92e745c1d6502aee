"""What is refused before Django sees it. tests/faults/test_silent_clients.py and test_server.py test the same over real
connections.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import structlog

from config import server

SAID = [(b"content-length", b"500"), (b"x-forwarded-for", b"203.0.113.9")]


class Silent:
    """A client that has sent the length of the body, and nothing after it."""

    async def receive(self):
        await asyncio.Event().wait()

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text = message["body"].decode()


@pytest.fixture
def ask(settings, monkeypatch):
    """Return the client with its response, and the line in the log."""
    settings.TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(server, "BODY_SECONDS", 0)

    def ask(path):
        place = {"client": ("127.0.0.1", "5000"), "server": ("127.0.0.1", "8000")}
        asked = {"method": "POST", "path": path, "query_string": b"", "headers": SAID}
        scope = {"scheme": "http", "http_version": "1.1", **place, **asked}
        silent = Silent()
        kept = structlog.testing.capture_logs([structlog.contextvars.merge_contextvars])
        # Playwright runs an event loop in the test's own thread.
        with kept as lines, ThreadPoolExecutor(1) as thread:
            answered = server.application(scope, silent.receive, silent.send)
            thread.submit(asyncio.run, answered).result()
        [line] = lines
        return silent, line

    return ask


@pytest.mark.parametrize("path", ["/v1/invitations", "//v1/invitations", "/__clerk/v1/client"])
def test_an_api_says_it_in_its_json(ask, path):
    silent, line = ask(path)
    said = json.loads(silent.text)
    assert (silent.status, said["errors"][0]["code"]) == (408, "request_timeout")
    assert silent.headers["Content-Type"] == "application/json"
    assert said["clerk_trace_id"] == silent.headers["X-Trace-Id"] == line["trace_id"]


def test_a_page_says_it_in_a_line(ask):
    silent, _line = ask("/sign-in")
    assert (silent.status, silent.headers["Content-Type"]) == (408, "text/plain")
    assert silent.text == "The body of the request did not come in time.\n"


def test_the_log_names_the_client_and_not_the_proxy(ask):
    _silent, line = ask("/sign-in")
    assert (line["event"], line["code"]) == ("refused_early", "request_timeout")
    assert line["ip"] == "203.0.113.9"
