"""Django's settings. Each environment variable is read once, here; `.env.example` explains them."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import usable
from config.bodies import MAX_BODY_BYTES
from config.clients import read_proxies
from config.environment import CENTURY, Environment
from config.logging import configure_logging
from config.private_files import PrivateConnection
from config.sign_in import *  # noqa: F403 settings that no environment variable changes

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
env = Environment(os.environ)

# --- Identity of this installation ----------------------------------------------------------------

DEBUG = env.switch("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", usable.secret_key)
SECRET_KEY_FALLBACKS = env.former_secrets("SECRET_KEY_FALLBACKS")
BASE_URL = env.read("BASE_URL", usable.base_url, default="http://localhost:8000" if DEBUG else "")
TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", default=0)
APPLICATION_PROXIES = read_proxies(env.listed("APPLICATION_PROXIES"))
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE")

_base = urlsplit(BASE_URL)
SECURE = _base.scheme == "https"
MAIL_DOMAIN = usable.mail_domain(str(_base.hostname))
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", usable.hosts) or [usable.host(str(_base.hostname))]
if DEBUG:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]

# --- Applications and middleware ------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "accounts",
    "invitations",
    "config.back_room.BackRoomConfig",  # the Django admin
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_structlog",
    "lucide",
    "ninja",  # for the static files of its Swagger UI
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",  # first: it needs only the path of the request
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.request_log.RequestLogMiddleware",
    "config.api.FrameMiddleware",
    "config.frontend_api.FrontendMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.faults.BodyMiddleware",
    "config.hosts.HostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.stale_forms.StaleFormMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.page_sessions.PageSessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.doors.ClosedByDefaultMiddleware",
    "config.faults.FaultMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False  # the redirect would lose the body of a POST

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.doors.surroundings",
            ],
        },
    }
]

# --- Database and cache ---------------------------------------------------------------------------

_database = env.read(
    "DATABASE_URL", usable.database, default=f"sqlite:///{BASE_DIR / 'ollio.sqlite3'}"
)
DATABASES = {"default": _database}
if _database["ENGINE"].endswith("sqlite3"):
    # SQLite allows one writer at a time. Each transaction takes the write lock at its start, and waits for it.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "factory": PrivateConnection,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }
    _database["TEST"] = {"NAME": env.text("TEST_DATABASE", default=str(BASE_DIR / "test.sqlite3"))}
else:
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": env.whole("DATABASE_POOL", default=8, least=1),
            "timeout": 10,
        },
        "server_side_binding": True,
        "prepare_threshold": 2,
    }

CACHES = {"default": {"BACKEND": "config.cache.TextCache"}}

# --- Sessions; the rest of sign-in is in config/sign_in.py ------------------------------------------

# Browsers share cookies between ports, and a developer may run several installations on one host.
OF_PORT = f"_{_base.port}" if DEBUG and _base.port else ""
OWN_COOKIE = ("__Host-" if SECURE else "") + "{}" + OF_PORT
SESSION_COOKIE_NAME = OWN_COOKIE.format("ollio_session")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_ENGINE = "config.session_store"
SESSION_SERIALIZER = "config.crypto.SealedSerializer"
SESSION_LIFE = timedelta(days=env.whole("SESSION_DAYS", default=14, least=1, most=CENTURY))
SESSION_COOKIE_AGE = int(SESSION_LIFE.total_seconds())
OPERATOR_IDLE = timedelta(
    hours=env.whole("OPERATOR_IDLE_HOURS", default=12, least=1, most=CENTURY * 24)
)
CSRF_COOKIE_NAME = OWN_COOKIE.format("ollio_csrf")
MESSAGE_STORAGE = "config.messages.MessageStorage"
CSRF_COOKIE_HTTPONLY = True

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

BREACHED_PASSWORDS_URL = env.read("BREACHED_PASSWORDS_URL", usable.service)

# --- Mail -----------------------------------------------------------------------------------------
# "default" stores a message as a row in the caller's transaction. The worker sends it through "transport".

DEFAULT_FROM_EMAIL = env.read(
    "DEFAULT_FROM_EMAIL", usable.sender, default=f"Ollio <ollio@{MAIL_DOMAIN}>"
)
MAIL_PROVIDER = env.text("MAIL_PROVIDER")
MAILBOX_DIR = BASE_DIR / "mailbox"
SMTP_TIMEOUT = 10  # seconds; smtplib has no timeout by default


def _transport() -> dict:
    """Choose how mail is sent: an Anymail provider, an SMTP server, a local mailbox (development), or not yet."""
    if MAIL_PROVIDER:
        return {"BACKEND": MAIL_PROVIDER, "OPTIONS": env.options("MAIL_PROVIDER_OPTIONS")}
    if env.text("EMAIL_URL"):
        options = env.read("EMAIL_URL", usable.mail_server) | {"timeout": SMTP_TIMEOUT}
        return {"BACKEND": "invitations.delivery.SMTPBackend", "OPTIONS": options}
    mailbox, none = "invitations.mailbox.MailboxBackend", "invitations.delivery.NoTransport"
    return {"BACKEND": mailbox if DEBUG else none}


MAILERS = {"default": {"BACKEND": "invitations.delivery.OutboxBackend"}, "transport": _transport()}
MAILBOX_ENABLED = DEBUG and "mailbox" in MAILERS["transport"]["BACKEND"]
LIMITS = env.numbers("LIMITS")
ALLOW_TEST_MODE = DEBUG or env.switch("ALLOW_TEST_MODE")
# Maximum number of invitations in one API request.
BULK_SIZE = min(env.whole("BULK_SIZE", default=10, least=1), 1000)
# How many days the audit log keeps security events, such as sign-ins and refused sign-ins.
AUDIT_DAYS = env.whole("AUDIT_DAYS", default=365, least=1, most=CENTURY)

# --- Browser security -----------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],  # data: for QR codes of the second factor
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", default=31_536_000 if SECURE else 0)
# Off by default: they affect other hosts of the domain, and take a long time to undo.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.switch("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.switch("HSTS_PRELOAD")
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured(
        "HSTS_PRELOAD needs HSTS_SUBDOMAINS=true: the lists of browsers take whole domains alone."
    )
SECURE_SSL_REDIRECT = False  # the API never redirects http to https (ASVS 4.1.2); the proxy does
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # config/stale_forms.py extends Django's CSRF middleware
    "security.W005",  # see SECURE_HSTS_INCLUDE_SUBDOMAINS
    "security.W008",  # see SECURE_SSL_REDIRECT
    "security.W021",  # see SECURE_HSTS_PRELOAD
    "auth.W004",  # email_key is unique instead; it is computed from the address
]

# --- Language, time, files ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In development, files are served directly from their source folders.
STATIC_ROOT = None if DEBUG else BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Logs -----------------------------------------------------------------------------------------

DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: at INFO, one line per request, at its end
LOG_LEVEL = env.one_of("LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR", default="INFO")
LOGGING = configure_logging(json=not DEBUG, level=LOG_LEVEL)
