"""A browser with cookies and a network address of its own, so that no limit counts it with another visitor."""

import http.client
import ipaddress
import itertools
import json
import re
import sys
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.benchmarks import places

_FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_far_away = map(str, map(ipaddress.ip_address("10.0.0.0").__add__, itertools.count(1)))


class Visitor:
    def __init__(self, server):
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {
            "Host": places.HOST,
            "Origin": f"https://{places.HOST}",
            "X-Forwarded-For": next(_far_away),
        }
        self._cookies = {}

    def send(self, method, path, **said):
        """Return the response's status and text."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {**self._headers, "Content-Type": _FORM, "Cookie": cookies}
        self._connection.request(method, path, body=urlencode(said), headers=headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {each.key: each.value for each in SimpleCookie(header).values()}
        return answer.status, text

    def call(self, path, **said):
        """Return the `response` of a Frontend API call."""
        status, text = self.send("POST", f"/__clerk/v1/{path}", **said)
        if status != 200:
            sys.exit(f"answer to {path}: {status} {text}")
        return json.loads(text)["response"]

    def token(self, path):
        """Return the CSRF token of this page's form."""
        return _TOKEN.search(self.send("GET", path)[1])[1]

    def leave(self):
        self._connection.close()
