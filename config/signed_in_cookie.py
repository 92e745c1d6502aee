"""The cookie `__client_uat`: the Unix time (seconds) when the session in this browser began, or 0 without a session.

An application's server reads it together with the token. If the token is missing or expired, the cookie shows whether
a new one can be obtained (accounts/frontend_api/handshake.py).

It gives no access, and scripts may read it. The application's host may differ from ours, so the cookie is set for
the domain that both share. Clerk's packages look for it under two names. The second name distinguishes several
installations on one host.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts import sessions
from accounts.models import Application
from accounts.publishable_key import cookie_suffix
from config.client_cookie import NAME as CLIENT
from config.frontend_door import welcome_origin

_NAME = "__client_uat"
_FEWEST_LABELS = 2  # browsers refuse a cookie for the domain `com` or `localhost`


def names() -> tuple[str, str]:
    return _NAME, f"{_NAME}_{cookie_suffix()}"


def follow(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set `__client_uat` on a response that sets or deletes `__client`."""
    client_cookie = response.cookies.get(CLIENT)
    if client_cookie is None:
        return
    value = since(request)
    if value == "0" and not any(name in request.COOKIES for name in names()):
        return  # the browser has no cookie that says otherwise
    # The same lifetime as `__client`; if that is deleted, the maximum lifetime of a session.
    seconds = int(client_cookie["max-age"]) or settings.SESSION_COOKIE_AGE
    domain = shared_domain(welcome_origin(request))
    for name in names():
        response.cookies[name] = value
        response.cookies[name].update(attributes(seconds, secure=settings.SECURE, domain=domain))


def says_somebody(request: HttpRequest) -> bool:
    """Whether the request's cookies say that a user is signed in."""
    return any(request.COOKIES.get(name, "0") != "0" for name in names())


def attributes(seconds: int, *, secure: bool, domain: str = "") -> dict[str, str]:
    """Return the attributes of a cookie that the application's scripts may read."""
    return {
        "path": "/",
        "domain": domain,
        "max-age": str(seconds),
        "secure": "yes" if secure else "",
        "samesite": "Lax",
    }


def since(request: HttpRequest) -> str:
    """The cookie's value for this browser."""
    session = sessions.current(request)
    return str(int(session.created_at.timestamp())) if session else "0"


def shared_domain(origin: str) -> str:
    """Return the cookie attribute `Domain` with which a cookie of ours also reaches the pages of `origin`.

    Return "" if none is needed, or if no domain is shared. In the latter case the application needs a proxy, and with
    a proxy a cookie without `Domain` is right. If the request comes from our own pages, or names no origin, use the
    application's home URL and allowed origins: our pages can lead to any of them.
    """
    ours, theirs = _host(settings.BASE_URL), _host(origin)
    if theirs not in ("", ours):
        return _common(ours, theirs)
    application = Application.objects.current()
    listed = map(_host, [application.home_url, *application.allowed_origins])
    return max((_common(ours, each) for each in listed if each != ours), key=len, default="")


def _common(ours: str, theirs: str) -> str:
    """Return the common labels of two host names, from the right. IP addresses have none in common."""
    labels: list[str] = []
    for one, other in zip(reversed(ours.split(".")), reversed(theirs.split(".")), strict=False):
        if one != other or (not labels and one.isdigit()):
            break
        labels.insert(0, one)
    return ".".join(labels) if len(labels) >= _FEWEST_LABELS else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
