"""A form whose CSRF token is of no use any more: somebody signed in or out in another tab, or cookies are blocked.

Nothing is done, as always. But if the form came from one of our own pages, what was typed into it is not lost: the
same page is looked at again, with a notice. A post from another site gets the plain refusal and is told nothing.
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
# Where people come in: who is in by now has nothing to do there.
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
    """Django's check, unchanged. Only what is answered where it refuses is ours."""

    def process_view(  # type: ignore[override]
        self, request: HttpRequest, callback: Callable, args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        refused = super().process_view(request, callback, args, kwargs)
        if refused is None or request.method != "POST" or not _is_of_our_page(request):
            return refused
        # The form is still on the page, which tells what failed.
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
    """Whether the browser says so; one that says nothing is not believed."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return f"{parts.scheme}://{parts.netloc}" in ours


def _look_instead(request: HttpRequest) -> None:
    """Make the request one that changes nothing, whatever its view is. The next page to go to is no secret."""
    request.META[_LOOKED_AT] = True
    request.method = "GET"
    if "next" in request.POST:
        query = request.GET.copy()
        query["next"] = request.POST["next"]
        request.GET = query  # type: ignore[assignment]
    request.POST = QueryDict()


def _answer(request: HttpRequest, page: HttpResponseBase) -> HttpResponseBase:
    if page.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # no page, but the form stood on one
        leads_back = see_other(_page_of_form(request))
        leads_back.cookies.update(page.cookies)  # the notice is in one
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
    """With a link to where the form would have led. An invitation waits on its confirming page."""
    leads_to = request.POST.get("next") or request.GET.get("next", "")
    if handles.said(request):
        leads_to = resolve_url("confirm_invitation")
    is_safe = url_has_allowed_host_and_scheme(
        leads_to, {request.get_host()}, require_https=request.is_secure()
    )
    context = {"leads_to": leads_to if is_safe else resolve_url("home")}
    page = render(request, "signed_in_already.html", context, status=403)
    return unkept(handles.keep_said(request, page))
