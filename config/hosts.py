"""Which host a request may name: ours, or nobody may be told a link of it."""

from collections.abc import Callable

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.template.loader import render_to_string

_MAX_REASON = 300  # characters; the name is the client's


def is_foreign(request: HttpRequest) -> bool:
    """Whether the request names no host of ours; its line in the log tells which."""
    try:
        request.get_host()
    except DisallowedHost as refused:
        structlog.contextvars.bind_contextvars(refused="host", reason=str(refused)[:_MAX_REASON])
        return True
    return False


class HostMiddleware:
    """For pages; both APIs refuse in their own shape. Left to Django, it would be an error with a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_foreign(request):
            return self.get_response(request)
        return HttpResponseBadRequest(render_to_string("400.html", {"is_foreign_host": True}))
