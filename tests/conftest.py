"""The caller is a fixture: `admin`, `operator`, `member` and `stranger` are browsers, `api` is a program."""

import time

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.utils.http import urlencode

from accounts import sessions
from accounts.models import security_event
from config import audit, limits
from config.client_cookie import NAME, NEW_SECRET
from config.session_store import SessionStore
from tests.factories import SecretKeyFactory, UserFactory


class Browser(Client):
    """A client that is signed in as `.user`, or not signed in if that is None."""

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        if user:
            self.force_login(user)

    def htmx(self, method, path, *args, **kwargs):
        return getattr(self, method)(path, *args, headers={"HX-Request": "true"}, **kwargs)


@pytest.fixture(autouse=True)
def pages_that_know_their_browser(monkeypatch):
    """`force_login` acts as a sign-in on our pages a moment ago: it sets both cookies."""

    def sign_in(client, user, backend=None):
        request = WSGIRequest(client._base_environ())
        request.session, request.user = SessionStore(), AnonymousUser()
        with monkeypatch.context() as untraced:
            untraced.setattr(audit, "trace", lambda *_what, **_about: None)
            sessions.open_session(request, user=user)
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        client.cookies[NAME] = request.META[NEW_SECRET]

    monkeypatch.setattr(Client, "_login", sign_in)


@pytest.fixture(autouse=True)
def forms_as_browsers_send_them(monkeypatch):
    """Django's client sends every form as multipart, which Ollio refuses (config/bodies.py)."""
    real, form = Client.post, "application/x-www-form-urlencoded"

    def post(client, path, data=None, content_type=form, **kwargs):
        if content_type == form and not isinstance(data, str | bytes):
            data = urlencode(data or {}, doseq=True)
        return real(client, path, data, content_type, **kwargs)

    monkeypatch.setattr(Client, "post", post)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def static_files_unlisted(settings):
    """Otherwise each new client would list all static files. With this, a file is looked up when it is requested."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def outbox_rows(settings):
    """Django's test runner keeps all mail in memory. Here mails are rows, and only sent ones are in memory."""
    outbox = {"BACKEND": "invitations.delivery.OutboxBackend"}
    settings.MAILERS = {**settings.MAILERS, "default": outbox}


@pytest.fixture
def later():
    """Travel to a time after which important changes need a new proof of identity."""
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        yield


@pytest.fixture
def still_windows(monkeypatch):
    """No window of a limit ends while a test counts, and no period of the audit log."""
    monkeypatch.setattr(security_event, "PERIOD", 10**8)
    for name, limit in limits.LIMITS.items():
        monkeypatch.setitem(limits.LIMITS, name, limit._replace(seconds=10**8))


@pytest.fixture
def before(monkeypatch):
    """`before(SignUp, "check_pause", happens=deed)`: calls `deed` once, just before that method runs."""

    def arm(holder, name, *, happens):
        real = getattr(holder, name)

        def overtaken(*args, **kwargs):
            monkeypatch.setattr(holder, name, real)
            happens()
            return real(*args, **kwargs)

        monkeypatch.setattr(holder, name, overtaken)

    return arm


@pytest.fixture
def admin(db):
    return Browser(
        UserFactory(
            admin=True, email_address="grace@example.com", first_name="Grace", last_name="Hopper"
        )
    )


@pytest.fixture
def operator(db):
    return Browser(UserFactory(operator=True, email_address="olga@example.com"))


@pytest.fixture
def member(db):
    return Browser(UserFactory(email_address="max@example.com"))


@pytest.fixture
def stranger(db):
    return Browser()


@pytest.fixture
def api(db):
    return Client(headers={"Authorization": f"Bearer {SecretKeyFactory().raw}"})
