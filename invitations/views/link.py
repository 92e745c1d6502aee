"""The page behind the link in the mail. Opening it never changes the invitation: mail scanners open links, too."""

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
    """Redirect to the current destination of the invitation.

    This does not accept it: only a finished sign-up does, or a confirmation after sign-in.
    """
    given = request.GET.getlist("ticket")
    ticket = Ticket.objects.find(given[0]) if len(given) == 1 else None
    if not ticket:
        return secretive(_unknown(request))
    _note_visit(request, ticket=ticket)
    application = Application.objects.current()
    return see_other(destination(ticket.invitation, raw_ticket=given[0], application=application))


def _unknown(request: HttpRequest) -> HttpResponse:
    """Return the same response for unknown, truncated, deleted and malformed tickets; it reveals no data."""
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
    """Record the visit, at most once per minute and ticket. If that fails, the visitor still gets the page."""
    kind = "opened" if _is_person(request) else "scanned"
    try:
        limits.take("visit", subject=str(ticket.pk))
        audit.record(kind, subject=ticket.invitation_id, method=request.method)
    except (LimitExceeded, DatabaseError):
        return


def _is_person(request: HttpRequest) -> bool:
    """Guess whether a person opened the link: browsers send Sec-Fetch-Mode: navigate, scanners rarely do.

    The result is only shown in the timeline; nothing depends on it.
    """
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
    return navigates and not _PROGRAMS.search(request.headers.get("User-Agent", ""))
