"""What both HTTP APIs share: a trace id, JSON for every response, the same headers."""

import re
import secrets
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from config.api_errors import APIRefusal, answer, error, refusal, trace_id

_SLASHES = re.compile("/{2,}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def is_under(path: str, prefix: str) -> bool:
    """Whether a path belongs to an API. Repeated slashes count as one: a client whose base URL ends in a slash sends
    two.
    """
    single = _SLASHES.sub("/", path)
    return single == prefix or single.startswith(f"{prefix}/")


def nothing_at(path: str) -> APIRefusal:
    if not path.startswith("//"):
        return refusal(404)
    long_message = (
        "The path begins with more than one slash. Leave the last slash of the base URL away."
    )
    return APIRefusal(404, error("resource_not_found", "not found", long_message))


def begin(request: HttpRequest) -> None:
    request.META["ollio.trace_id"] = secrets.token_hex(16)
    structlog.contextvars.bind_contextvars(trace_id=trace_id(request))


def end(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    for name, value in {**_HEADERS, "X-Trace-Id": trace_id(request)}.items():
        response[name] = value
    return response


def find(path: str) -> ResolverMatch | None:
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return None if found.url_name == "api-root" else found


def as_json(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.get("Content-Type", "").partition(";")[0] == "application/json":
        response["Content-Type"] = "application/json"
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response
    if response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.TEMPORARY_REDIRECT}:
        del response["Content-Type"]  # these have no body
        return response
    headers = {name: response[name] for name in ("Retry-After",) if name in response}
    if "Allow" in response:
        allowed = set(response["Allow"].split(", "))
        headers["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    return answer(request, refusal(response.status_code, **headers))
