"""Check the Host header: only our own hosts are accepted, so that no link to a foreign host is ever generated."""

from collections.abc import Callable

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.template.loader import render_to_string

_MAX_REASON = 300  # characters; the client chooses the host name in it


def is_foreign(request: HttpRequest) -> bool:
    """Whether the Host header names a host that is not ours. The request's log line shows which."""
    try:
        request.get_host()
    except DisallowedHost as refused:
        structlog.contextvars.bind_contextvars(refused="host", reason=str(refused)[:_MAX_REASON])
        return True
    return False


class HostMiddleware:
    """Refuse foreign hosts for pages; both APIs refuse in their own format. Django would log a traceback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_foreign(request):
            return self.get_response(request)
        return HttpResponseBadRequest(render_to_string("400.html", {"is_foreign_host": True}))
