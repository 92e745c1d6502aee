"""Handle forms with an invalid CSRF token: the user signed in or out in another tab, or the browser blocks cookies.

The request is refused, as always. But if the form is from one of our own pages, the same page is shown again with a
notice, and keeps the typed text. A request from another site gets only Django's refusal.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import handles
from config import typed
from config.responses import own_path, see_other, unkept

_LOOKED_AT = "ollio.looked_at"
# Pages for visitors who are not signed in.
_ENTRANCES = {
    "account_login",
    "account_signup",
    "account_reset_password",
    "password_reset_code",
    "password_reset_code_again",
    "new_password",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "set_up",
    "sign_in_with_code",
    "sign_in_code",
    "sign_in_code_again",
    "sign_up_code",
    "sign_up_code_again",
}


class StaleFormMiddleware(CsrfViewMiddleware):
    """Django's CSRF check, unchanged. Only the response to a refused request is our own."""

    def process_view(  # type: ignore[override]
        self, request: HttpRequest, callback: Callable, args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        refused = super().process_view(request, callback, args, kwargs)
        if refused is None or request.method != "POST" or not _is_of_our_page(request):
            return refused
        # With htmx, the form stays on the page, and the page reports the failure.
        if "HX-Request" in request.headers:
            return refused
        typed.keep(request)
        match = request.resolver_match
        if request.user.is_authenticated and match and match.view_name in _ENTRANCES:
            return _signed_in_already(request)
        _tell(request)
        _look_instead(request)
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.META.pop(_LOOKED_AT, False):
            request.method = "POST"  # for the log
            response = _answer(request, response)
        return super().process_response(request, response)


def _is_of_our_page(request: HttpRequest) -> bool:
    """Whether Origin or Referer names our own site. Without both headers, the answer is no."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return f"{parts.scheme}://{parts.netloc}" in ours


def _look_instead(request: HttpRequest) -> None:
    """Turn the request into a GET, so that no view changes anything. Only `next` is kept, which is no secret."""
    request.META[_LOOKED_AT] = True
    request.method = "GET"
    if "next" in request.POST:
        query = request.GET.copy()
        query["next"] = request.POST["next"]
        request.GET = query  # type: ignore[assignment]
    request.POST = QueryDict()


def _answer(request: HttpRequest, page: HttpResponseBase) -> HttpResponseBase:
    if page.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # POST only: go to the form's page
        leads_back = see_other(_page_of_form(request))
        leads_back.cookies.update(page.cookies)  # one of them contains the notice
        return handles.keep_said(request, leads_back)
    if page.status_code == HTTPStatus.OK:
        page.status_code = HTTPStatus.FORBIDDEN
    return page


def _page_of_form(request: HttpRequest) -> str:
    seen = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}):
        return resolve_url("home")
    return own_path(seen)


def _tell(request: HttpRequest) -> None:
    if settings.CSRF_COOKIE_NAME in request.COOKIES:
        words = _("This page had become out of date, so nothing was done. Send it again.")
    else:
        words = _(
            "Your browser sent no cookie, so nothing was done. Allow cookies for this site, then send it again."
        )
    messages.error(request, words)


def _signed_in_already(request: HttpRequest) -> HttpResponse:
    """Show that the visitor is already signed in, with a link to the form's next page.

    For an invitation, that is the page that confirms it.
    """
    leads_to = request.POST.get("next") or request.GET.get("next", "")
    if handles.said(request):
        leads_to = resolve_url("confirm_invitation")
    is_safe = url_has_allowed_host_and_scheme(
        leads_to, {request.get_host()}, require_https=request.is_secure()
    )
    context = {"leads_to": leads_to if is_safe else resolve_url("home")}
    page = render(request, "signed_in_already.html", context, status=403)
    return unkept(handles.keep_said(request, page))
