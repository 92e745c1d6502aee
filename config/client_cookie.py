"""One session under two names: pages know a browser by the session cookie, which no neighbouring host can set;
the Frontend API by `__client` (contract 7), which the proxies of applications pass on. Each door reads its own,
so that what a neighbour plants in one is nothing to the other; both are set and cleared together.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = "__client"


def read(request: HttpRequest) -> None:
    """Let the session be the one that `__client` names."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    if NAME in request.COOKIES:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = request.COOKIES[NAME]


def follow(response: HttpResponseBase) -> None:
    """Set or clear `__client` where the session cookie is."""
    session = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        response.cookies[NAME] = session.value
        response.cookies[NAME].update(session)
