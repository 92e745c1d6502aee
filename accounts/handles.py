"""What a visitor's browser holds of what it has begun: a signed name for a row, good for two hours.

It stands for a ticket, for a sign-up, for a sign-in, or for a change of address. The form carries the same handle in
a hidden field, which wins over the cookie, so that two tabs do not disturb each other. A handle signs nobody
in and is no ticket anywhere: what is proved, and how often a code was tried, stands in the row.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import AddressChange, SignIn, SignUp
from accounts.models.mailed_code import MailedCode
from config.responses import see_other, unkept
from config.typed import typed
from invitations.models import Ticket

MAX_AGE = 2 * 3600  # seconds
CAME_BY = "came_by"  # in the query of the page that a link leads to
# Each cookie with the kinds of handles that it may hold: what is begun of one leaves the others alone.
_COOKIES = {
    "sign-up": ("ticket", "sign_up"),
    "sign-in": ("sign_in", "proved_sign_in"),
    "address": ("address_change",),
}
_SALT = "ollio.sign_up.handle"


class Handle(NamedTuple):
    kind: str
    id: str
    ticket_id: str = ""  # of a sign-up that began with one, which may be gone before its ticket is

    def sign(self) -> str:
        return signing.dumps(list(self), salt=_SALT)

    @property
    def cookie(self) -> str:
        name = next(name for name, kinds in _COOKIES.items() if self.kind in kinds)
        return settings.OWN_COOKIE.format(name)


def for_ticket(ticket: Ticket) -> Handle:
    return Handle("ticket", str(ticket.pk))


def for_sign_up(sign_up: SignUp) -> Handle:
    return Handle("sign_up", sign_up.pk, str(sign_up.ticket_id or ""))


def for_sign_in(sign_in: SignIn) -> Handle:
    """Another one once a code was right: who knew the former, because they had planted it, does not know this one."""
    return Handle("proved_sign_in" if sign_in.proved_at else "sign_in", sign_in.pk)


def for_change(change: AddressChange) -> Handle:
    return Handle("address_change", change.pk)


def said(request: HttpRequest) -> str:
    """The handle that the form carried, also where the form could not be taken (config/stale_forms.py)."""
    return (request.POST or typed(request)).get("handle", "")


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
    if handle is None and said(request):
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
    return _named(request, SignUp, kind="sign_up", related="ticket")


def sign_in(request: HttpRequest) -> SignIn | None:
    """The unfinished sign-in of this browser that waits for its code."""
    begun = _named(request, SignIn, kind="sign_in", related="user")
    return begun if begun and not begun.proved_at else None


def proved_sign_in(request: HttpRequest) -> SignIn | None:
    """The one whose code this very browser has typed."""
    return _named(request, SignIn, kind="proved_sign_in", related="user")


def change(request: HttpRequest) -> AddressChange | None:
    """The unfinished change of address of whoever is signed in."""
    begun = _named(request, AddressChange, kind="address_change", related="user")
    return begun if begun and begun.user_id == request.user.pk else None


def swap_ticket(request: HttpRequest, *, page: str) -> HttpResponse:
    """Take the ticket out of the address bar: a cookie for it, and on to the clean page."""
    raw = request.GET.getlist("__clerk_ticket")
    found = Ticket.objects.find(raw[0]) if len(raw) == 1 else None
    if not found:  # that page counts unknown tickets, and says so
        return see_other(f"{reverse('accept_ticket')}?{urlencode({'ticket': raw}, doseq=True)}")
    mark = urlencode({CAME_BY: "link"})
    return keep(see_other(f"{page}{'&' if '?' in page else '?'}{mark}"), for_ticket(found))


def is_lost(request: HttpRequest) -> bool:
    """Whether a link led here, but the cookie for its ticket did not come with it."""
    return request.GET.get(CAME_BY) == "link" and _read(request) is None


def ask_for_cookies(request: HttpRequest) -> HttpResponse:
    """No error: mail scanners keep no cookies either, and must not take the link for a dead one."""
    return unkept(render(request, "accounts/sign_up/cookies.html"))


def keep(response: HttpResponse, handle: Handle) -> HttpResponse:
    response.set_cookie(
        handle.cookie,
        handle.sign(),
        max_age=MAX_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def keep_said(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The handle of a form goes on, where the page after it has no other way to know it."""
    handle = _read(request) if said(request) else None
    return keep(response, handle) if handle else response


def forget(response: HttpResponse, *, cookie: str = "sign-up") -> HttpResponse:
    response.delete_cookie(settings.OWN_COOKIE.format(cookie), samesite="Lax")
    return response


def _named[Attempt: MailedCode](
    request: HttpRequest, model: type[Attempt], *, kind: str, related: str
) -> Attempt | None:
    handle = _read(request, kind=kind)
    if handle is None or handle.kind != kind:
        return None
    rows = model.objects.unfinished().select_related(related)
    return rows.filter(pk=handle.id).first()


def _read(request: HttpRequest, *, kind: str = "sign_up") -> Handle | None:
    cookie = Handle(kind, "").cookie
    signed = said(request) or request.COOKIES.get(cookie, "")
    try:
        return Handle(*signing.loads(signed, salt=_SALT, max_age=MAX_AGE))
    except signing.BadSignature:
        return None
