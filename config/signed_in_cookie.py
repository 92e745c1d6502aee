"""`__client_uat`: since when somebody is signed in in this browser, in seconds, or 0. Servers of applications read
it beside the token, to know whether a token that is missing or too old can be had (accounts/frontend_api/handshake.py).

It opens nothing, and scripts may read it. It has to reach the application's host, where ours is another: so it is
set for the domain that both share. Clerk's packages look for it under two names, the second of which keeps
several installations on one host apart.
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
_FEWEST_LABELS = 2  # no browser takes a cookie for all of `com` or `localhost`


def names() -> tuple[str, str]:
    return _NAME, f"{_NAME}_{cookie_suffix()}"


def follow(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say it where `__client` is set or cleared."""
    client_cookie = response.cookies.get(CLIENT)
    if client_cookie is None:
        return
    value = since(request)
    if value == "0" and not any(name in request.COOKIES for name in names()):
        return  # nobody has said otherwise
    # As long as the session; where that is cleared, as long as it might have been.
    seconds = int(client_cookie["max-age"]) or settings.SESSION_COOKIE_AGE
    domain = shared_domain(welcome_origin(request))
    for name in names():
        response.cookies[name] = value
        response.cookies[name].update(attributes(seconds, secure=settings.SECURE, domain=domain))


def says_somebody(request: HttpRequest) -> bool:
    """Whether this browser believes that somebody is signed in."""
    return any(request.COOKIES.get(name, "0") != "0" for name in names())


def attributes(seconds: int, *, secure: bool, domain: str = "") -> dict[str, str]:
    """How cookies are kept that scripts of the application may read."""
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
    """The `Domain` under which a cookie of ours reaches the pages of an origin; empty where none is needed,
    or none helps but a proxy, for which a cookie without it is right. Our own pages may lead to any page of the
    application.
    """
    ours, theirs = _host(settings.BASE_URL), _host(origin)
    if theirs not in ("", ours):
        return _common(ours, theirs)
    application = Application.objects.current()
    listed = map(_host, [application.home_url, *application.allowed_origins])
    return max((_common(ours, each) for each in listed if each != ours), key=len, default="")


def _common(ours: str, theirs: str) -> str:
    """The labels that two names have in common from the right; an address in digits has none."""
    labels: list[str] = []
    for one, other in zip(reversed(ours.split(".")), reversed(theirs.split(".")), strict=False):
        if one != other or (not labels and one.isdigit()):
            break
        labels.insert(0, one)
    return ".".join(labels) if len(labels) >= _FEWEST_LABELS else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
