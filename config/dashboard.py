"""What the operators' pages share: the request type, access for admins only, and responses for htmx.

Without htmx, each dialog is a separate page.
"""

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, date, tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import SwapMethod, reswap, retarget, trigger_client_event
from django_htmx.middleware import HtmxDetails

from config import audit, database
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models import User

ZONE_COOKIE = "__Host-tz" if settings.SECURE else "tz"  # static/js/app.js writes it


class OperatorRequest(HttpRequest):
    """The request of an operators' view, for type checks only. config/doors.py admits only operators."""

    user: "User"
    htmx: HtmxDetails


def zone(request: HttpRequest) -> tzinfo:
    """Return the operator's time zone, which app.js stores in a cookie, or UTC."""
    name = request.COOKIES.get(ZONE_COOKIE, "")
    return ZoneInfo(name) if name in _zones() else UTC


def admins_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to operators who are not admins. The functions that make changes check the right again."""

    @functools.wraps(view)
    def guarded(request: OperatorRequest, **kwargs: str) -> HttpResponse:
        if not request.user.may(Right.ADMIN):
            assert request.resolver_match
            audit.trace(
                "right_refused", subject=request.user.pk, how=request.resolver_match.view_name
            )
            raise Http404
        return view(request, **kwargs)

    return guarded


def today(request: HttpRequest) -> date:
    """Return the current date in the operator's time zone."""
    return database.now().astimezone(zone(request)).date()


@functools.cache
def _zones() -> set[str]:
    return available_timezones()


def dialog(
    request: OperatorRequest, template: str, context: Mapping[str, Any], *, over: str = ""
) -> HttpResponse:
    """Return only the dialog for an htmx request, otherwise a full page.

    `over` is the route name of the list that the dialog changes. Only on that list's page does the form use htmx
    (`over_list` in the template). On other pages there is no row to update, so the form is sent without htmx.
    """
    if request.htmx:
        opened_on = urlsplit(request.htmx.current_url_abs_path or "").path
        over_list = bool(over) and (request.method == "POST" or opened_on == reverse(over))
        response = render(request, f"{template}#dialog", {**context, "over_list": over_list})
    else:
        response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])  # else Back could show the dialog as a page
    return response


def changed(row: HttpResponse, *, target: str, swap: SwapMethod, **toast: str) -> HttpResponse:
    """Return the response after a dialog's change: update the row in the list, close the dialog, show a toast."""
    response = reswap(retarget(row, target), swap)
    for event, detail in (("dialog:close", {}), ("toast", toast), ("list:changed", {})):
        trigger_client_event(response, event, detail)
    return response
