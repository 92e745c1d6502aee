"""Statements about hardening in docs/security.md that can be tested without a separate server."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent
HARDENING = (ROOT / "docs/security.md").read_text().partition("## Hardening\n")[2]
[NGINX] = re.findall(r"^```nginx\n(.+?)^```", HARDENING, re.MULTILINE | re.DOTALL)
TOLD = """
import json
from django.conf import settings
print(json.dumps(settings.DATABASES["default"]["OPTIONS"]))
"""


def test_the_drivers_options_stand_in_the_address_of_the_database():
    url = re.search(r"DATABASE_URL=(postgres://\S+sslmode=\S+)`", HARDENING).group(1)
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", TOLD]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    options = json.loads(told.stdout)
    assert options["sslmode"] == "verify-full"
    assert options["sslrootcert"] == "/etc/ssl/db.pem"
    assert options["pool"]  # beside our own


@pytest.mark.django_db
def test_ollio_itself_never_redirects_to_https(client):
    UserFactory(admin=True)  # without it the page leads to set-up
    for path in ("/v1/invitations", "/__clerk/v1/client", "/sign-in"):
        assert "Location" not in client.get(path)


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "is_strict"), [("https", True), ("http", False), ("", False)])
def test_https_is_insisted_on_once_the_proxy_says_that_it_is_there(
    client, settings, said, is_strict
):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": said} if said else {})
    assert ("Strict-Transport-Security" in answer) is is_strict


def test_the_proxy_shown_sets_each_header_that_is_believed():
    """The headers that the code reads and that a proxy must set."""
    sources = "".join(path.read_text() for path in (ROOT / "config").glob("*.py"))
    read = set(re.findall(r'"((?:X-Forwarded|Clerk-Proxy)-\w+)"', sources))
    read |= {"X-Forwarded-Proto"} if "HTTP_X_FORWARDED_PROTO" in sources else set()
    assert read > {"X-Forwarded-For"}
    assert read <= set(re.findall(r"proxy_set_header (\S+)", NGINX))


def test_the_proxy_shown_logs_no_query_string():
    [log] = re.findall(r"log_format plain '(.+)'", NGINX)
    assert not {"$request", "$request_uri", "$args", "$query_string", "$http_referer"} & {
        *log.split()
    }
    assert "access_log /var/log/nginx/ollio.log plain;" in NGINX
