"""Who is signed in in this browser: one session for the hosted pages and for the Frontend API.

It is Django's, under two cookies (config/client_cookie.py), and on allauth's list of signed-in browsers.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from accounts.models import User
from config.clients import client_ip
from config.database import now
from config.ids import new_id

_ID = "session_id"
_SINCE = "session_since"
_MAX_AGENT = 200  # characters of a browser's name that the list has room for


class BrowserSession(NamedTuple):
    """A signed-in browser, as an application sees it."""

    id: str
    user: User
    created_at: datetime
    expires_at: datetime
    second_factor_at: datetime | None = None


def open_session(
    request: HttpRequest, *, user: User, method: str = "password", second_factor: str = ""
) -> BrowserSession:
    """A new session and CSRF token (R-O1), with allauth's notes of how they came in."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method=method)
    if second_factor:
        record_authentication(request, user, method="mfa", type=second_factor)
    begin(request)
    session = current(request)
    assert session
    return session


def begin(request: HttpRequest) -> None:
    """Give the session of somebody who has just signed in its name and its end, and put it on the list."""
    request.session[_ID] = new_id("sess")
    request.session[_SINCE] = now().timestamp()
    bound(request)
    request.session.save()  # before it is on the list: whatever ends the sessions on it must find this one
    on_list = UserSession(
        user=request.user,
        session_key=request.session.session_key,
        ip=client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:_MAX_AGENT],
    )
    # Whoever signs in once more keeps their place; allauth's own way takes five statements.
    UserSession.objects.bulk_create([on_list], ignore_conflicts=True)


def bound(request: HttpRequest) -> None:
    """Whatever is kept in it meanwhile, a session ends a fixed time after the sign-in."""
    if _SINCE in request.session:
        since = datetime.fromtimestamp(request.session[_SINCE], UTC)
        request.session.set_expiry(since + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def current(request: HttpRequest) -> BrowserSession | None:
    """Nobody's, too, where a request was refused before anybody asked whose it is."""
    user, name = getattr(request, "user", None), request.session.get(_ID)
    if not name or not isinstance(user, User):
        return None
    since = datetime.fromtimestamp(request.session[_SINCE], UTC)
    ends = request.session.get_expiry_date()
    return BrowserSession(name, user, since, ends, _second_factor_at(request))


def close_session(request: HttpRequest) -> None:
    """Sign this browser out; whatever else it kept is gone too."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    request.META["ollio.signed_out"] = True  # config/client_cookie.py takes the cookie away


def _second_factor_at(request: HttpRequest) -> datetime | None:
    """A passkey that stood in for the password is no second one."""
    notes = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    times = [
        note["at"] for note in notes if note["method"] == "mfa" and not note.get("passwordless")
    ]
    return datetime.fromtimestamp(max(times), UTC) if times else None
