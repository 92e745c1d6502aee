"""The one page on which a mailed code is typed, whatever it is for."""

from collections.abc import Callable
from typing import NamedTuple

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.codes import REFUSALS
from accounts.forms import CodeForm
from accounts.handles import Handle
from accounts.models import CodeRefused
from accounts.posts import counted
from config.limits import LimitExceeded
from config.responses import patient
from invitations.models import Ticket

TOO_OFTEN = _("That was too often. Wait a little, then try again.")
_ON_ITS_WAY = _("A new code is on its way to %(address)s.")
_PERHAPS = _("If a code can go to %(address)s, a new one is on its way there.")


class CodePage(NamedTuple):
    """What one purpose has for itself: `name` and `begin`, where an address is given, are routes."""

    name: str
    begin: str
    button: Promise
    tells_nobody: bool = False  # whether the address is somebody's

    @property
    def again(self) -> str:
        return f"{self.name}_again"


class Attempt(NamedTuple):
    """What this browser has begun, as the page needs it."""

    address: str
    handle: Handle
    ticket: Ticket | None = None


def type_code(
    request: HttpRequest, page: CodePage, *, begun: Attempt, deed: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Show the page, or take what was typed into it: `deed` judges the six digits, and answers if they are right."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_bound and (answer := _try(request, form=form, begun=begun, deed=deed)):
            return answer
    except CodeRefused as refused:
        form.add_error("code", REFUSALS[refused.reason])
    except LimitExceeded as error:
        form.add_error(None, TOO_OFTEN)
        return patient(_show(request, page, begun=begun, form=form), error=error)
    return _show(request, page, begun=begun, form=form)


def _try(
    request: HttpRequest, *, form: CodeForm, begun: Attempt, deed: Callable[[str], HttpResponse]
) -> HttpResponse | None:
    with counted(request, "code_tried", ticket=begun.ticket) as post:
        if form.is_valid():
            return deed(form.cleaned_data["code"])
        post.refuse()
    return None


def send_again(
    request: HttpRequest, page: CodePage, *, address: str, send: Callable[[], None]
) -> HttpResponse:
    try:
        send()
        told = _PERHAPS if page.tells_nobody else _ON_ITS_WAY
        messages.success(request, told % {"address": address})
    except CodeRefused as refused:
        messages.warning(request, REFUSALS[refused.reason])
    except LimitExceeded:
        messages.warning(request, _("That was too often. Wait an hour, then ask for a new code."))
    return onward(request, page.name)


def begin_again(request: HttpRequest, page: CodePage) -> HttpResponse:
    """What was begun is over, or was in another browser."""
    if request.method == "POST":
        messages.warning(request, _("This took too long, or is over. Ask for a new code."))
    return onward(request, page.begin)


def onward(request: HttpRequest, name: str) -> HttpResponse:
    """To the next page, with what is to come after the last one."""
    then = leads_to(request)
    return redirect(reverse(name, query={"next": then} if then else {}))


def leads_to(request: HttpRequest) -> str | None:
    """What is to come after the last page, where that is a page of ours."""
    return get_next_redirect_url(request)


def _show(request: HttpRequest, page: CodePage, *, begun: Attempt, form: CodeForm) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "address": begun.address,
        "handle": begun.handle.sign(),
        "leads_to": leads_to(request),
    }
    return render(request, "accounts/code.html", context)
