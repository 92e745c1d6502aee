"""Who is signed in in this browser, at the two doors that people use.

Our own pages know a browser by Django's session, an application's pages know it by the secret in the cookie
`__client`. Neither opens the other's door: an application's server sees its visitors' `__client`, and must not get
into the dashboard by it. The row of the browser joins both sessions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)

# allauth has no public name for it.
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest

from accounts import judge
from accounts.judge import AccountShut, PasswordChanged
from accounts.models import Browser, User
from config import audit
from config.client_cookie import BROWSER as _FOUND
from config.client_cookie import NAME, NEW_SECRET, SECRET, SIGNED_OUT
from config.clients import client_ip
from config.crypto import digest
from config.database import DatabaseNow
from config.frontend_door import SAFE, welcome_origin
from config.ids import new_id

BROWSER_ID = "browser_id"  # in the page's session
_MAX_AGENT = 200  # characters of a browser's name that the list has room for


class BrowserSession(NamedTuple):
    """A signed-in browser, as an application sees it."""

    id: str
    user: User
    created_at: datetime
    expires_at: datetime
    second_factor_at: datetime | None = None
    origin: str = ""  # of the page that changed something last


def open_session(
    request: HttpRequest, *, user: User, method: str = "password", second_factor: str = ""
) -> None:
    """Sign somebody in on a hosted page: a new session and CSRF token, and allauth's notes of how they came in."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method=method)
    if second_factor:
        record_authentication(request, user, method="mfa", type=second_factor)
    begin(request)


def begin(request: HttpRequest) -> None:
    """Give the page's session of somebody who has just signed in its browser, and the application a session beside
    it. Who was erased in this moment is nobody again.
    """
    user = request.user
    assert isinstance(user, User)
    # Who signs in once more in this browser keeps one line on the list.
    _end_here(request, name=request.session.get(BROWSER_ID, ""))
    values = _sign_in_values(request, user)
    values |= {
        "page_key": request.session.session_key,
        "page_seen_at": DatabaseNow(),
        "second_factor_at": _second_factor_at(request, user),
    }
    try:
        with _of(user):
            browser, key = Browser.objects.begin(**values)
    except User.DoesNotExist:
        logout(request)
    else:
        request.session[BROWSER_ID] = browser.pk
        audit.trace("signed_in", subject=user.pk, how=_methods(request))
        _count_as_fresh(request)
        remember(request, browser, key=key)


def open_for_application(
    request: HttpRequest, *, user: User, method: str = "password", second_factor: str = ""
) -> BrowserSession:
    """Sign somebody in on a page of the application; our own pages stay closed to them.

    Raises User.DoesNotExist of who was erased in this moment.
    """
    values = _sign_in_values(request, user)
    if second_factor:
        values["second_factor_at"] = DatabaseNow()
    browser = known(request)
    how = f"{method}+{second_factor}" if second_factor else method
    with _of(user), transaction.atomic():
        key = browser.renew(**values) if browser else None
        if browser is None or key is None:
            browser, key = Browser.objects.begin(**values)
        audit.trace("signed_in", subject=user.pk, how=how)
    remember(request, browser, key=key)
    session = current(request)
    assert session
    return session


def known(request: HttpRequest) -> Browser | None:
    """The browser that asks, whether or not somebody is signed in; on our own pages, only if somebody is."""
    if _FOUND not in vars(request):
        key = request.META.get(SECRET, "")
        found = Browser.objects.find(key) if key else None
        if found and found.user_id and not is_open(found):
            found = None
        elif found and found.user_id:
            found.touch(by_page=False)
            if request.method not in SAFE:
                found.note_origin(welcome_origin(request))
        vars(request)[_FOUND] = found
    return vars(request)[_FOUND]


def current(request: HttpRequest) -> BrowserSession | None:
    """The application's session of this browser."""
    browser = known(request)
    if browser is None or browser.user is None:
        return None
    assert browser.session_id
    assert browser.signed_in_at
    return BrowserSession(
        browser.session_id,
        browser.user,
        browser.signed_in_at,
        browser.ends_at,
        browser.second_factor_at,
        browser.origin,
    )


def is_open(browser: Browser) -> bool:
    """Whether who has signed in there may go on."""
    if browser.user is None or browser.is_past:
        return False
    try:
        judge.check_session(browser.user, proved_hash=browser.auth_hash)
    except (AccountShut, PasswordChanged):
        return False
    return True


def close_session(request: HttpRequest) -> None:
    """Sign this browser out at both doors; whatever else it kept is gone too."""
    browser = known(request)
    _end_here(request, name=browser.pk if browser else "")
    if browser and browser.user_id:
        audit.trace("signed_out", subject=browser.user_id)
    forget_page(request)
    request.META[SIGNED_OUT] = True


def remember(request: HttpRequest, browser: Browser, *, key: str) -> None:
    """Let the answer carry the browser's new secret."""
    request.META[SECRET] = request.META[NEW_SECRET] = key
    request.META.pop(SIGNED_OUT, None)  # who was signed in before has been signed out
    vars(request)[_FOUND] = browser


@contextmanager
def _of(user: User) -> Iterator[None]:
    """Around the statement that names the user."""
    try:
        yield
    except IntegrityError as error:
        if User.objects.filter(pk=user.pk).exists():
            raise
        raise User.DoesNotExist from error


def _sign_in_values(request: HttpRequest, user: User) -> dict[str, Any]:
    return {
        "user": user,
        "session_id": new_id("sess"),
        "signed_in_at": DatabaseNow(),
        "auth_hash": user.get_session_auth_hash(),
        "ip": client_ip(request) or None,
        "user_agent": request.headers.get("User-Agent", "")[:_MAX_AGENT],
        "origin": welcome_origin(request),
        "begun": {},
    }


def _end_here(request: HttpRequest, *, name: str) -> None:
    """End the browser of this id, and the one that the cookie names, which may be another."""
    key = request.COOKIES.get(NAME, "")
    if name or key:
        Browser.objects.filter(Q(pk=name) | Q(key_hash=digest(key))).end()


def forget_page(request: HttpRequest) -> None:
    logout(request)
    vars(request)[_FOUND] = None


def _methods(request: HttpRequest) -> str:
    """How they came in, such as "password+totp"."""
    notes = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return "+".join(note.get("type") or note["method"] for note in notes)


def _count_as_fresh(request: HttpRequest) -> None:
    """Right after signing in nobody is asked again who they are."""
    notes = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    fresh = [{**note, "reauthenticated": True} for note in notes]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = fresh


def _second_factor_at(request: HttpRequest, user: User) -> datetime | None:
    """A passkey that stood in for the password is no second one."""
    notes = get_authentication_records(request, user)
    times = [
        note["at"] for note in notes if note["method"] == "mfa" and not note.get("passwordless")
    ]
    return datetime.fromtimestamp(max(times), UTC) if times else None
