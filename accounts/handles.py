"""What a visitor's browser holds in place of a ticket: a signed name for a row, good for two hours (R-H2).

The form carries the same handle in a hidden field, which wins over the cookie, so that two tabs with two
tickets do not disturb each other (R-C5). A handle signs nobody in and is no ticket anywhere.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import SignUp
from config.responses import see_other
from invitations.models import Ticket

MAX_AGE = 2 * 3600  # seconds
_COOKIE = "__Host-sign-up" if settings.SECURE else "sign-up"
_SALT = "ollio.sign_up.handle"


class Handle(NamedTuple):
    kind: str
    id: str
    ticket_id: str = ""  # of a sign-up that began with one, which may be gone before its ticket is

    def sign(self) -> str:
        return signing.dumps(list(self), salt=_SALT)


def for_ticket(ticket: Ticket) -> Handle:
    return Handle("ticket", str(ticket.pk))


def for_sign_up(sign_up: SignUp) -> Handle:
    return Handle("sign_up", sign_up.pk, str(sign_up.ticket_id or ""))


def ticket(request: HttpRequest) -> Ticket | None:
    """The ticket this browser came with, whatever became of its invitation since."""
    handle = _read(request)
    if handle is None:
        return None
    # Who goes back from the page of the code keeps the invitation.
    ticket_id = handle.id if handle.kind == "ticket" else handle.ticket_id
    return Ticket.objects.filter(pk=ticket_id).first() if ticket_id else None


def begin_again(request: HttpRequest) -> HttpResponse:
    """From a sign-up that is of no use any more to the page that tells why: with its ticket, where it had one."""
    handle = _read(request)
    if handle is None and request.POST.get("handle"):
        return forgotten(request)
    page = redirect("account_signup")
    if handle is None or handle.kind == "ticket":  # of another tab, where it is of use still
        return page if handle else forget(page)
    if handle.ticket_id:
        return keep(page, Handle("ticket", handle.ticket_id))
    if SignUp.objects.filter(pk=handle.id).exclude(completed_at=None).exists():
        page = redirect(reverse("account_login", query={"notice": "signed_up"}))
    return forget(page)


def forgotten(request: HttpRequest) -> HttpResponse:
    """From a form whose ticket is erased, or that was open for longer than a handle lives: it must not become an
    ordinary sign-up.
    """
    query = {} if _read(request) else {"notice": "open_too_long"}
    return forget(redirect(reverse("account_signup", query=query)))


def sign_up(request: HttpRequest) -> SignUp | None:
    """The unfinished sign-up of this browser."""
    handle = _read(request)
    return (
        SignUp.objects.unfinished().select_related("ticket").filter(pk=handle.id).first()
        if handle and handle.kind == "sign_up"
        else None
    )


def swap_ticket(request: HttpRequest, *, page: str) -> HttpResponse:
    """Take the ticket out of the address bar: a cookie for it, and on to the clean page."""
    raw = request.GET.getlist("__clerk_ticket")
    found = Ticket.objects.find(raw[0]) if len(raw) == 1 else None
    if not found:  # that page counts unknown tickets, and says so
        return see_other(f"{reverse('accept_ticket')}?{urlencode({'ticket': raw}, doseq=True)}")
    return keep(see_other(page), for_ticket(found))


def keep(response: HttpResponse, handle: Handle) -> HttpResponse:
    response.set_cookie(
        _COOKIE,
        handle.sign(),
        max_age=MAX_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(_COOKIE, samesite="Lax")
    return response


def _read(request: HttpRequest) -> Handle | None:
    signed = request.POST.get("handle") or request.COOKIES.get(_COOKIE, "")
    try:
        return Handle(*signing.loads(signed, salt=_SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        return None
