"""On https, a prefix in a cookie's name binds it to our host, so that no other host of the domain can plant one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The application's server or pages read these cookies, by the names that Clerk's packages use.
CLERKS = {"__client_uat", "__session"}
SHARED = {"__client", *CLERKS}
TOLD = """
import django

django.setup()
from django.conf import settings

from accounts import devices, handles
from accounts.frontend_api.handshake import _TOKEN
from accounts.views import set_up
from config import client_cookie, dashboard, signed_in_cookie
from config.messages import HostCookieStorage

print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
print(HostCookieStorage.cookie_name, dashboard.ZONE_COOKIE)
print(devices._COOKIE, set_up._COOKIE, *map(settings.OWN_COOKIE.format, handles._COOKIES))
print(client_cookie.NAME, signed_in_cookie._NAME, _TOKEN)
"""


def names(*, development=False, base="https://ollio.example.com"):
    """Return the names in a new process, because they are set when the server starts."""
    said = {"DEBUG": str(development), "BASE_URL": base}
    environment = {**os.environ, **said, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", TOLD]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return set(told.stdout.split())


def test_cookies_are_bound_to_their_host_by_name():
    free = {name for name in names() if not name.startswith("__Host-")}
    assert free == SHARED


def test_in_development_they_carry_the_port():
    told = names(development=True, base="http://localhost:8123")
    assert {name for name in told if not name.endswith("_8123")} == CLERKS | {"tz"}
