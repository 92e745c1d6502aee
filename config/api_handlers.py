"""The responses of both HTTP APIs to exceptions that their operations raise."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ObjectNotUpdated, PermissionDenied
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from accounts.models import SecretKey
from accounts.passwords import PasswordsBusy
from config import audit
from config.api_errors import MAX_ERRORS, APIRefusal, answer, error, parameter_error, refusal
from config.api_faults import judge_database
from config.limits import LimitExceeded


def install(api: NinjaAPI) -> None:
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        APIRefusal: answer,
        ValidationError: _parameters_refused,
        Http404: _missing,
        ObjectDoesNotExist: _missing,  # this and the next: the row was erased during the request
        ObjectNotUpdated: _missing,
        PermissionDenied: _denied,
        LimitExceeded: _too_many,
        PasswordsBusy: _busy,
        DatabaseError: _database_fault,
        InterfaceError: _database_fault,
        Exception: _bug,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _parameters_refused(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return answer(request, APIRefusal(422, *map(parameter_error, fault.errors[:MAX_ERRORS])))


def _denied(request: HttpRequest, _fault: PermissionDenied) -> HttpResponse:
    """Trace and answer a missing right. Authentication came first, so the key or user is known."""
    auth = request.auth  # type: ignore[attr-defined]
    key = auth if isinstance(auth, SecretKey) else None
    known = key or request.user
    assert request.resolver_match
    how = request.resolver_match.view_name
    audit.trace("right_refused", subject=known.pk or "", how=how, by=key)
    return answer(request, refusal(403))


def _missing(request: HttpRequest, _fault: Exception) -> HttpResponse:
    return answer(request, refusal(404))


def _too_many(request: HttpRequest, exceeded: LimitExceeded) -> HttpResponse:
    long_message = f"Try again in {exceeded.retry_after} seconds."
    too_many = error("too_many_requests", "too many requests", long_message)
    return answer(
        request, APIRefusal(429, too_many, headers={"Retry-After": str(exceeded.retry_after)})
    )


def _busy(request: HttpRequest, busy: PasswordsBusy) -> HttpResponse:
    long_message = (
        "Many passwords are being checked just now. Nothing was changed. Try again in a moment."
    )
    told = error("service_unavailable", "unavailable", long_message)
    return answer(request, APIRefusal(503, told, headers={"Retry-After": str(busy.retry_after)}))


def _database_fault(request: HttpRequest, fault: DatabaseError | InterfaceError) -> HttpResponse:
    refused = judge_database(fault)
    return answer(request, refused) if refused else _bug(request, fault)


def _bug(request: HttpRequest, _fault: Exception) -> HttpResponse:
    # As Django does, so that the exception is logged with its traceback.
    got_request_exception.send(sender=None, request=request)
    return answer(request, refusal(500))
