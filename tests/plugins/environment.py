"""The environment of the tests: a developer's `.env` must not change what they prove.

A value given on the command line wins, so `DATABASE_URL=... pytest` works as expected.
"""

import atexit
import os
import shutil
import tempfile

# Each run has its own file, so that two runs in one checkout do not delete each other's.
_folder = tempfile.mkdtemp(prefix="ollio-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

ENVIRONMENT = {
    "DEBUG": "true",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SECRET_KEY_FALLBACKS": "",
    "SIGNING_KEY_FILE": "",
    "BASE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "",
    "DATABASE_URL": "sqlite:///test.sqlite3",
    "TEST_DATABASE": f"{_folder}/test.sqlite3",
    "EMAIL_URL": "",
    "MAIL_PROVIDER": "",
    "MAIL_PROVIDER_OPTIONS": "{}",
    "DEFAULT_FROM_EMAIL": "Ollio <ollio@localhost>",
    "TRUSTED_PROXY_COUNT": "0",
    "APPLICATION_PROXIES": "",
    "HSTS_SECONDS": "0",
    "HSTS_SUBDOMAINS": "",
    "HSTS_PRELOAD": "",
    "BREACHED_PASSWORDS_URL": "",
    "BULK_SIZE": "10",
    "AUDIT_DAYS": "365",
    "SESSION_DAYS": "14",
    "OPERATOR_IDLE_HOURS": "12",
    "ALLOW_TEST_MODE": "",
    "LIMITS": '{"requests": 1000000, "create": 1000000}',  # one key makes all requests of a race
    "LOG_LEVEL": "WARNING",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright runs an event loop in the test's thread
}

for name, value in ENVIRONMENT.items():
    os.environ.setdefault(name, value)
