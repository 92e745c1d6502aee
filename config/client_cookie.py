"""One session under two names: pages know a browser by the session cookie, which no neighbouring host can set;
the Frontend API by `__client` (contract 7), which the proxies of applications pass on. Each door reads its own,
so that what a neighbour plants in one is nothing to the other; both are set and cleared together.
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = "__client"
# As Django makes them. PostgreSQL would refuse to look for some others.
_KEY = re.compile("[a-z0-9]{32}")


def read(request: HttpRequest) -> None:
    """Let the session be the one that `__client` names."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    if NAME in request.COOKIES:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = request.COOKIES[NAME]


def check(request: HttpRequest) -> None:
    """What cannot be the name of a session is nobody's, and taken back like one that has ended."""
    name = settings.SESSION_COOKIE_NAME
    if name in request.COOKIES and not _KEY.fullmatch(request.COOKIES[name]):
        request.COOKIES[name] = ""


def spare(request: HttpRequest, response: HttpResponseBase, *, is_told_otherwise: bool) -> None:
    """A page asks several things at once, and each step of a sign-up or sign-in has a cookie of its own. So an
    answer to the former one must not take the new one away, unless somebody has signed out by it, or the browser
    is told (`__client_uat`) that somebody is signed in who is not.
    """
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    is_taken_away = cookie is not None and not cookie.value
    if is_taken_away and "ollio.signed_out" not in request.META and not is_told_otherwise:
        del response.cookies[settings.SESSION_COOKIE_NAME]


def follow(response: HttpResponseBase) -> None:
    """Set or clear `__client` where the session cookie is."""
    session = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        response.cookies[NAME] = session.value
        response.cookies[NAME].update(session)
