"""Error pages for failures outside a view. They say what is wrong and when to try again."""

import sys
from collections.abc import Callable

import structlog
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import page_not_found
from django.views.defaults import server_error as default_server_error
from django_htmx.http import HttpResponseClientRedirect

from accounts.passwords import PasswordsBusy
from config import audit, bodies
from config.limits import LimitExceeded
from config.responses import WORDED_LIMIT, patient

logger = structlog.get_logger(__name__)

_RETRY_AFTER = 5  # seconds


class BodyMiddleware:
    """Refuse bodies that are too large or have files, before any other code reads them.

    For API paths, the API's middleware converts the response to JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            bodies.receive(request)
        except bodies.BodyRefused as refused:
            # Render without the request: context processors would read the session from the database.
            return HttpResponse(render_to_string(f"{refused.status}.html"), status=refused.status)
        return self.get_response(request)


class FaultMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """If a page shows a limit itself, as forms do (accounts/forms/patience.py), make its response a 429."""
        response = self.get_response(request)
        limit = request.META.get(WORDED_LIMIT)
        return patient(response, error=limit) if limit else response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer for a limit, a database that does not respond, too many waiting password checks, and a row that was
        erased during the request. Trace a missing right. Django and allauth answer all other exceptions.
        """
        if isinstance(fault, LimitExceeded):
            return patient(render(request, "429.html"), error=fault)
        if isinstance(fault, OperationalError | InterfaceError):
            return _away()
        if isinstance(fault, PasswordsBusy):
            return _away(retry_after=fault.retry_after, is_busy=True)
        if isinstance(fault, ReauthenticationRequired) and "HX-Request" in request.headers:
            # Let the browser load the page: htmx would put the reauthentication page into the dialog.
            then = {REDIRECT_FIELD_NAME: request.get_full_path()}
            return HttpResponseClientRedirect(reverse("account_reauthenticate", query=then))
        if isinstance(fault, PermissionDenied) and request.user.is_authenticated:
            audit.trace("right_refused", subject=request.user.pk, how=_page(request))
        if isinstance(fault, ObjectDoesNotExist):
            logger.warning("vanished", path=request.path, reason=str(fault))
            return page_not_found(request, fault)
        return None


def too_often(request: HttpRequest) -> HttpResponse:
    """Return the page for allauth's own limits."""
    audit.trace("limit_reached", how=_page(request))
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer all other exceptions, including a database failure before the view was called."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _away()
    return default_server_error(request)


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _away(*, retry_after: int = _RETRY_AFTER, is_busy: bool = False) -> HttpResponse:
    # Render without the request: context processors query the database, which is away or busy.
    page = render_to_string("503.html", {"is_busy": is_busy})
    return HttpResponse(page, status=503, headers={"Retry-After": str(retry_after)})
