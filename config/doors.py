"""Access control for pages. Every route requires a signed-in operator, unless `config/urls.py` lists it otherwise."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import redirect, resolve_url
from django.urls import ResolverMatch
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import fresh_proof
from accounts.models import Application
from config import audit, urls
from config.responses import own_path

# The methods that forms and links use. Some third-party views accept other methods, and with those they skip checks
# that they make for POST.
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_DUE = "ollio.second_factor_due"  # key of request.META: the operator's deadline to add one


class ClosedByDefaultMiddleware:
    """Redirect visitors who are not signed in to sign-in; answer 404 to signed-in users who are not operators."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if match and not _is_public(match):
            response["Cache-Control"] = "no-store"  # the page is for the signed-in user only
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        assert match  # set: Django calls process_view only after it found a view
        if _is_of_api(match):
            return None
        refusal = None if _is_public(match) else _judge(request, match)
        if refusal is None and request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        return refusal


def _judge(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    if request.user.is_staff:
        return _second_factor_first(request, match.view_name)
    if match.view_name in urls.SIGNED_IN:
        return None
    audit.trace("right_refused", subject=request.user.pk, how=match.view_name)
    raise Http404


def _is_public(match: ResolverMatch) -> bool:
    return match.view_name in urls.PUBLIC or _is_of_api(match)


def _is_of_api(match: ResolverMatch) -> bool:
    """Whether it is an API route. The APIs check access themselves: one requires a key, the other an origin."""
    return match.namespaces[:1] in (["v1"], ["frontend"])


def _second_factor_first(request: Any, view_name: str) -> HttpResponse | None:
    """Redirect an operator who is overdue to add a second factor to the pages that add one.

    Such an operator can open no other page, except public ones such as sign-out.
    """
    due = request.META[_DUE] = request.user.second_factor_due
    if due is None or not due.is_over:
        return None
    fresh_proof.give_up(request)
    if view_name in urls.ENROLMENT:
        return None
    page = resolve_url("mfa_index")
    return HttpResponseClientRedirect(page) if "HX-Request" in request.headers else redirect(page)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to sign-in, and from there back to the page that the browser shows.

    A form or htmx may have requested another URL than that page's.
    """
    if "HX-Request" in request.headers:
        seen = _page_of_htmx(request)
        leads_to = redirect_to_login(seen).url if seen else resolve_url(settings.LOGIN_URL)
        return HttpResponseClientRedirect(leads_to)
    seen = request.headers.get("Referer", "")
    if request.method == "POST":
        messages.warning(
            request, _("You were signed out. Sign in again; what you sent last was not saved.")
        )
    if request.method == "POST" and url_has_allowed_host_and_scheme(seen, {request.get_host()}):
        return redirect_to_login(own_path(seen))
    return redirect_to_login(request.get_full_path())


def _page_of_htmx(request: HttpRequest) -> str | None:
    try:
        return HtmxDetails(request).current_url_abs_path
    except ValueError:  # not a URL
        return None


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Template context for the layout of every page: application, current route, mailbox, second-factor deadline."""
    match = request.resolver_match
    return {
        "application": Application.objects.current(),
        "current": match.view_name if match else "",
        "mailbox_enabled": settings.MAILBOX_ENABLED,
        "second_factor_due": request.META.get(_DUE),
    }
