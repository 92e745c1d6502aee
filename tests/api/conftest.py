"""`api` is a program with a live key; `nobody` is one without a key. Both send JSON or nothing, as SDKs and curl do."""

import json

import pytest
from django.test import Client

from tests.factories import SecretKeyFactory


class Program(Client):
    def __init__(self, key=None, **kwargs):
        super().__init__(raise_request_exception=False, **kwargs)
        self.key = key
        if key:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key.raw}"

    def post(self, path, body=b"", *, content_type="application/json", **kwargs):
        """Send `body`: text as it is, anything else as JSON. An empty body has no content type."""
        return self._send("POST", path, body, content_type=content_type, **kwargs)

    def patch(self, path, body=b"", *, content_type="application/json", **kwargs):
        return self._send("PATCH", path, body, content_type=content_type, **kwargs)

    def put(self, path, body=b"", *, content_type="application/json", **kwargs):
        return self._send("PUT", path, body, content_type=content_type, **kwargs)

    def _send(self, method, path, body, **kwargs):
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.generic(method, path, data, **kwargs)

    def create(self, email_address="ada@example.com", **fields):
        return self.post("/v1/invitations", {"email_address": email_address, **fields})

    def listed(self, query=""):
        """Return the addresses in a list response."""
        return [row["email_address"] for row in self.get(f"/v1/invitations{query}").json()]


@pytest.fixture
def api(db):
    return Program(SecretKeyFactory(name="Back office"))


@pytest.fixture
def nobody(db):
    return Program()


@pytest.fixture
def faults():
    """Return the status of a response, and the code and parameter of each error."""
    return _faults


def _faults(answer):
    found = [
        (each["code"], each.get("meta", {}).get("param_name")) for each in answer.json()["errors"]
    ]
    return answer.status_code, found
