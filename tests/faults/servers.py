"""Real server processes on loopback, and browsers that send HTTP to them."""

import http.client
import json
import os
import re
import socket
import sys
import time
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
from django.conf import settings

from config.limits import LIMITS
from tests.faults.databases import ROOT

PROCFILE = ["sh", "-c", (ROOT / "Procfile").read_text().split("web: ")[1].splitlines()[0]]
PROCESSES = 4
BUSY = 503
_NO_LIMITS = json.dumps(dict.fromkeys(LIMITS, 1_000_000))
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]+)">')


@contextmanager
def server_processes(world, *, processes=PROCESSES, **environment):
    """Start servers as the Procfile does, each on its own port; yield the ports. Limits are off unless given."""
    ports = [free_port() for _ in range(processes)]
    servers = [start_server(world, port, **environment) for port in ports]
    for port in ports:
        _await(port)
    yield ports
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(30)


@contextmanager
def one_server(world, **environment):
    """Start one server; yield its port and its process, which a test may end."""
    port = free_port()
    server = start_server(world, port, **environment)
    _await(port)
    yield port, server
    server.terminate()
    server.wait(30)


def start_server(world, port, **environment):
    """Start a server with one worker. The shell reads `$PORT` and the rest of the Procfile's line."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    place = {"PORT": str(port), "WEB_WORKERS": "1", "PATH": path}
    # The tests set this variable. In a server it would hide database calls on the event loop, where others wait.
    place |= {"DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    return world.spawn(PROCFILE, **{"LIMITS": _NO_LIMITS, **place, **environment})


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _await(port, *, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return Browser(port).get("/sign-in")
        except OSError:
            assert time.monotonic() < deadline, "the server never came up"
            time.sleep(0.1)


def until(condition, *, seconds=30):
    """Wait for the condition; fail the test after so long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def answers(port, path="/sign-in"):
    try:
        return Browser(port).get(path).status == 200
    except OSError:
        return False


def workers(process):
    """Return the worker processes of a server; another child is a helper process of Python."""
    living = set()
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):
            if "resource_tracker" not in " ".join(child.cmdline()):
                living.add(child.pid)
    return living


class Browser:
    """A browser that talks to one server process: it keeps cookies and the hidden fields of the last form. `client` is
    the network address that a proxy reports for it.
    """

    def __init__(self, port, *, cookies=None, hidden=None, headers=None, client=""):
        self._port = port
        self._more = {**(headers or {}), **({"X-Forwarded-For": client} if client else {})}
        self._cookies = SimpleCookie(cookies or {})
        self._hidden = hidden or {}
        self.status = self.destination = self.text = None

    def at(self, port):
        """Return the same browser, talking to another process."""
        cookies = {name: morsel.value for name, morsel in self._cookies.items()}
        return type(self)(port, cookies=cookies, hidden=self._hidden, headers=self._more)

    def cookie(self, name):
        return self._cookies[name].value

    def get(self, url):
        """Send the request to this browser's server, whichever host the URL names."""
        parts = urlsplit(url)
        return self._request("GET", f"{parts.path}?{parts.query}")

    def open(self, raw_ticket):
        """Follow a link to the sign-up form."""
        self.get(f"/v1/tickets/accept?ticket={raw_ticket}")
        while self.destination:
            self.get(self.destination)
        return self._keep_hidden()

    def look(self, url):
        """Open the page of a form, before posting it."""
        return self.get(url)._keep_hidden()

    def _keep_hidden(self):
        self._hidden = dict(_HIDDEN.findall(self.text))
        return self

    def post(self, path, **said):
        return self._request("POST", path, body=urlencode({**self._hidden, **said}))

    def post_json(self, path, **said):
        """Post JSON, as a program does."""
        typed = {"Content-Type": "application/json"}
        return self._request("POST", path, body=json.dumps(said), **typed)

    def say(self, path, **said):
        """Call the Frontend API, as a page of ours does."""
        self._request("POST", f"/__clerk/v1/{path}", body=urlencode(said), Origin=settings.BASE_URL)
        return json.loads(self.text).get("response")

    def _request(self, method, path, *, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body=body, headers=self._headers() | headers)
        response = connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        self.status, self.text = response.status, response.read().decode()
        self.destination = response.headers.get("Location")
        connection.close()
        return self

    def _headers(self):
        cookies = "; ".join(f"{name}={each.value}" for name, each in self._cookies.items())
        form = "application/x-www-form-urlencoded"
        return {"Cookie": cookies, "Content-Type": form, **self._more}


def insisting(post):
    """Post again while the server has too many passwords to check."""
    deadline = time.monotonic() + 60
    while (answer := post()).status == BUSY:
        assert time.monotonic() < deadline, "the server stays busy"
        time.sleep(0.1)
    return answer


def exchange(port, *lines, body=""):
    """Send exactly these lines; return the complete response."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        wire.sendall("\r\n".join([*lines, "Connection: close", "", body]).encode())
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode()
