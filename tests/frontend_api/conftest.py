"""`browser` is a visitor's browser on a page of the application, which calls the Frontend API; `.pages` is the same
browser on our hosted pages. `new_browser()` opens further browsers, each with its own cookies.
"""

import json as jsons
from threading import Event as Stop
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Application
from invitations.delivery import worker
from tests.factories import PASSWORD
from tests.faults.sink import Sink

APPLICATION = "https://app.example.com"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class FrontendBrowser:
    def __init__(self, *, origin=APPLICATION, **kwargs):
        self.pages = Client(**kwargs)
        self.origin = origin

    @property
    def cookies(self):
        return self.pages.cookies

    def get(self, path, *, headers=None, **query):
        return self._send("GET", path, query, headers=headers)

    def post(self, path, *, json=False, headers=None, method=None, **fields):
        """Send a form, in which objects are JSON text; or send JSON."""
        query = {"_method": method} if method else {}
        body = jsons.dumps(fields) if json else urlencode({k: _text(v) for k, v in fields.items()})
        more = {"data": body, "content_type": JSON if json else FORM}
        return self._send("POST", path, query, headers=headers, **more)

    def patch(self, path, **fields):
        return self.post(path, method="PATCH", **fields)

    def delete(self, path, **fields):
        return self.post(path, method="DELETE", **fields)

    def client(self):
        """Return the Client object of this browser."""
        return self.get("client").json()["response"]

    def sign_in(self, address="ada@example.com", password=PASSWORD):
        """Sign in with one call; return the session's id."""
        answer = self.post("client/sign_ins", identifier=address, password=password)
        return answer.json()["response"]["created_session_id"]

    def _send(self, method, path, query, *, headers=None, **more):
        origin = {"Origin": self.origin} if self.origin else {}
        url = f"/__clerk/v1/{path}" + (f"?{urlencode(query)}" if query else "")
        return self.pages.generic(method, url, headers={**origin, **(headers or {})}, **more)


def _text(value):
    return value if isinstance(value, str) else jsons.dumps(value)


@pytest.fixture
def application(db):
    """The settings, with one allowed origin and a signing key."""
    Application.objects.prepare()
    application = Application.objects.current()
    application.allowed_origins = [APPLICATION]
    application.save()
    return application


@pytest.fixture
def new_browser(application):
    return FrontendBrowser


@pytest.fixture
def browser(new_browser):
    return new_browser()


@pytest.fixture
def refused():
    """Return the status of a response, and the code and parameter of its only error."""
    return _refused


def _refused(answer):
    [error] = answer.json()["errors"]
    param_name = error.get("meta", {}).get("param_name")
    return (answer.status_code, error["code"], *([param_name] if param_name else []))


def delivering(answers):
    """Yield the same responses; before each one, the worker sends what is due."""
    for answer in answers:
        worker.drain(Stop())
        yield answer


class RefusingSink(Sink):
    async def handle_RCPT(self, *_said):  # noqa: N802 aiosmtpd's names
        return "550 said the sink"


@pytest.fixture
def refusing_server(settings):
    """A mail server that refuses every recipient."""
    with RefusingSink() as sink:
        options = {"host": "127.0.0.1", "port": sink.port, "timeout": 5}
        backend = "invitations.delivery.SMTPBackend"
        transport = {"BACKEND": backend, "OPTIONS": options}
        settings.MAILERS = {**settings.MAILERS, "transport": transport}
        yield sink
