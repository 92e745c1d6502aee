"""Which host a request may name: ours, or nobody may be told a link of it (R-H1)."""

from collections.abc import Callable

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.views.defaults import bad_request

_MAX_REASON = 300  # characters; the name is the client's


def refusal_of(request: HttpRequest) -> DisallowedHost | None:
    """Why the request is answered for none of our hosts; the line of the request tells it."""
    try:
        request.get_host()
    except DisallowedHost as refused:
        structlog.contextvars.bind_contextvars(refused="host", reason=str(refused)[:_MAX_REASON])
        return refused
    return None


class HostMiddleware:
    """For pages; both APIs refuse in their own shape. Left to Django, it would be an error with a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refused = refusal_of(request)
        return bad_request(request, refused) if refused else self.get_response(request)
