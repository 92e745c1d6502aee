"""What the operators' pages share: who asks, and answers that htmx puts in place.

Without htmx each dialog is a page of its own.
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
    """What an operators' view is given: the doors let nobody else in. Only a type, nothing is made of it."""

    user: "User"
    htmx: HtmxDetails


def zone(request: HttpRequest) -> tzinfo:
    """The operator's time zone, which app.js keeps in a cookie; UTC without it."""
    name = request.COOKIES.get(ZONE_COOKIE, "")
    return ZoneInfo(name) if name in _zones() else UTC


def admins_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody else the page is not there; the verbs ask again."""

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
    """The day it is for the operator, whose zone app.js keeps in a cookie."""
    return database.now().astimezone(zone(request)).date()


@functools.cache
def _zones() -> set[str]:
    return available_timezones()


def dialog(
    request: OperatorRequest, template: str, context: Mapping[str, Any], *, over: str = ""
) -> HttpResponse:
    """A dialog over the page for htmx, else the page.

    `over` names the route of the list that the dialog changes. Only over that does its form speak htmx
    too (`over_list` in the template): elsewhere there is no row to change, and it posts as a page does.
    """
    if request.htmx:
        opened_on = urlsplit(request.htmx.current_url_abs_path or "").path
        over_list = bool(over) and (request.method == "POST" or opened_on == reverse(over))
        response = render(request, f"{template}#dialog", {**context, "over_list": over_list})
    else:
        response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])  # or Back would show the bare dialog as the page
    return response


def changed(row: HttpResponse, *, target: str, swap: SwapMethod, **toast: str) -> HttpResponse:
    """The answer of a dialog that did its work: put the row in its list, close, and say what happened."""
    response = reswap(retarget(row, target), swap)
    for event, detail in (("dialog:close", {}), ("toast", toast), ("list:changed", {})):
        trigger_client_event(response, event, detail)
    return response
