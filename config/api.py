"""The frame of the HTTP API: key and JSON in, JSON and errors out (contract 1)."""

import secrets
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from ninja import NinjaAPI
from ninja.errors import ValidationError

from accounts.api.instance import router as instance
from accounts.api.users import router as users
from config import idempotency
from config.api_door import Door, Replayed
from config.api_errors import (
    MAX_ERRORS,
    APIRefusal,
    answer,
    error,
    parameter_error,
    refusal,
    trace_id,
)
from config.api_faults import judge_database
from config.limits import LimitExceeded
from invitations.api import router as invitations

logger = structlog.get_logger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGES = {"/v1/tickets/accept"}  # for visitors, in HTML


class FrameMiddleware:
    """Every answer under /v1 is JSON with the same headers, whoever gave it. No error page is rendered on the
    way: pages ask the database, which may be what is missing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path != "/v1" and not path.startswith("/v1/"):
            return self.get_response(request)
        request.META["ollio.trace_id"] = secrets.token_hex(16)
        structlog.contextvars.bind_contextvars(trace_id=trace_id(request))
        response = self.get_response(request) if path in _PAGES else self._call(request)
        for name, value in {**_HEADERS, "X-Trace-Id": trace_id(request)}.items():
            response[name] = value
        return response

    def _call(self, request: HttpRequest) -> HttpResponseBase:
        found = _find(request.path_info)
        if found is None:
            return answer(request, refusal(404))
        try:
            request.get_host()
        except DisallowedHost as refused:
            logger.warning("host_refused", reason=str(refused))
            return answer(request, refusal(400))
        request.META.pop("HTTP_COOKIE", None)  # no session is looked up, and none is made
        asked = request.method
        if asked == "HEAD":  # GET in all but the body, which the server leaves out
            request.method = "GET"
        response = _as_json(request, self._answer(request, found))
        request.method = asked
        return response

    def _answer(self, request: HttpRequest, found: ResolverMatch) -> HttpResponseBase:
        """An operation answers by itself: what lies between is for pages, and takes its time."""
        if found.namespace != api.urls_namespace:
            return self.get_response(request)
        request.resolver_match = found
        return found.func(request, *found.args, **found.kwargs)


def _find(path: str) -> ResolverMatch | None:
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return None if found.url_name == "api-root" else found


def _as_json(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.get("Content-Type", "").partition(";")[0] == "application/json":
        response["Content-Type"] = "application/json"
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response
    if response.status_code == HTTPStatus.NO_CONTENT:
        del response["Content-Type"]  # there is nothing to have a type
        return response
    headers = {}
    if "Allow" in response:
        allowed = set(response["Allow"].split(", "))
        headers["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    return answer(request, refusal(response.status_code, **headers))


api = NinjaAPI(title="Ollio", urls_namespace="v1", docs_url=None, openapi_url=None, auth=Door())
api.add_decorator(idempotency.once)
api.add_router("", invitations)
api.add_router("", instance)
api.add_router("", users)


@api.exception_handler(APIRefusal)
def _refused(request: HttpRequest, refused: APIRefusal) -> HttpResponse:
    return answer(request, refused)


@api.exception_handler(ValidationError)
def _parameters_refused(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return answer(request, APIRefusal(422, *map(parameter_error, fault.errors[:MAX_ERRORS])))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _missing: Http404) -> HttpResponse:
    return answer(request, refusal(404))


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, _denied: PermissionDenied) -> HttpResponse:
    return answer(request, refusal(403))


@api.exception_handler(LimitExceeded)
def _too_many(request: HttpRequest, exceeded: LimitExceeded) -> HttpResponse:
    long_message = f"Try again in {exceeded.retry_after} seconds."
    too_many = error("too_many_requests", "too many requests", long_message)
    return answer(
        request, APIRefusal(429, too_many, headers={"Retry-After": str(exceeded.retry_after)})
    )


@api.exception_handler(Replayed)
def _replayed(_request: HttpRequest, replayed: Replayed) -> HttpResponse:
    return replayed.response


@api.exception_handler(DatabaseError)
@api.exception_handler(InterfaceError)
def _database_fault(request: HttpRequest, fault: DatabaseError | InterfaceError) -> HttpResponse:
    refused = judge_database(fault)
    return answer(request, refused) if refused else _bug(request, fault)


@api.exception_handler(Exception)
def _bug(request: HttpRequest, _fault: Exception) -> HttpResponse:
    got_request_exception.send(
        sender=None, request=request
    )  # as Django does: it is logged with its trace
    return answer(request, refusal(500))
