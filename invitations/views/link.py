"""The link in the mail. Looking at it changes nothing, however often and by whomever."""

import re

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Application
from config import audit, limits
from config.api_errors import APIRefusal, answer, error
from config.clients import client_network
from config.limits import LimitExceeded
from config.responses import patient, secretive, see_other
from invitations.destination import destination
from invitations.models import Ticket

_PROGRAMS = re.compile(
    r"bot|crawl|spider|scan|preview|fetch|curl|wget|python|java|http", re.IGNORECASE
)


@require_safe
def accept_ticket(request: HttpRequest) -> HttpResponse:
    """Lead on to where the invitation leads now; only a finished sign-up accepts it."""
    given = request.GET.getlist("ticket")
    ticket = Ticket.objects.find(given[0]) if len(given) == 1 else None
    if not ticket:
        return secretive(_unknown(request))
    _note_visit(request, ticket=ticket)
    application = Application.objects.current()
    return see_other(destination(ticket.invitation, raw_ticket=given[0], application=application))


def _unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, cut, deleted and wrong tickets; it shows nothing of anybody."""
    try:
        limits.take("unknown_ticket", subject=client_network(request))
    except LimitExceeded as error:
        return patient(_dead_end(request, code="too_many_requests"), error=error)
    return _dead_end(request, code="ticket_invalid_code")


def _dead_end(request: HttpRequest, *, code: str) -> HttpResponse:
    if request.accepts("text/html"):
        return render(request, "invitations/link/unknown.html", {"code": code}, status=400)
    return answer(
        request, APIRefusal(400, error(code, "is not valid", "This invitation link is not valid."))
    )


def _note_visit(request: HttpRequest, *, ticket: Ticket) -> None:
    """One line of the timeline a minute and ticket. Losing it must not cost the visitor the page."""
    kind = "opened" if _is_person(request) else "scanned"
    try:
        limits.take("visit", subject=str(ticket.pk))
        audit.record(kind, subject=ticket.invitation_id, method=request.method)
    except (LimitExceeded, DatabaseError):
        return


def _is_person(request: HttpRequest) -> bool:
    """A browser that somebody navigates says so; scanners rarely do. A guess, and only ever shown."""
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
    return navigates and not _PROGRAMS.search(request.headers.get("User-Agent", ""))
