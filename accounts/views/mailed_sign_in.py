"""Two roads that begin with a code to the mailbox and end signed in: with a new password, or without."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import handles
from accounts.adapter import shut_page
from accounts.addresses import normalise_email
from accounts.forms import MailboxForm
from accounts.judge import ANY_FACTOR, AccountShut
from accounts.models import CodeRefused, FirstFactor, SignIn
from accounts.sign_in import begin, send_code, try_code
from accounts.views import code_pages
from accounts.views.code_pages import TOO_OFTEN, Attempt, CodePage
from config import limits
from config.clients import client_network
from config.limits import LimitExceeded
from config.responses import patient


class Road(NamedTuple):
    purpose: FirstFactor
    page: CodePage
    template: str  # of the page that asks for the address
    then: Callable[[HttpRequest, SignIn], HttpResponse]  # once the code was right


def ask(request: HttpRequest, road: Road, *, address: str = "") -> HttpResponse:
    """The page that asks for an address, or only whether a code may go to the one that is given."""
    said = {"email": address} if address else request.POST
    form = MailboxForm(said if request.method == "POST" else None)
    answer = partial(_show, request, road, form)
    if not form.is_bound or not form.is_valid():
        return answer()
    try:
        return _begin(request, road, address=form.cleaned_data["email"])
    except LimitExceeded as error:
        form.add_error(None, TOO_OFTEN)
        return patient(answer(), error=error)


def type_code(request: HttpRequest, road: Road) -> HttpResponse:
    sign_in = _begun(request, road)
    if not sign_in:
        return code_pages.begin_again(request, road.page)
    begun = Attempt(sign_in.email_address, handles.for_sign_in(sign_in))
    deed = partial(_prove, request, road, sign_in)
    try:
        return code_pages.type_code(request, road.page, begun=begun, deed=deed)
    except AccountShut as shut:
        return shut_page(request, shut)


def send_again(request: HttpRequest, road: Road) -> HttpResponse:
    sign_in = _begun(request, road)
    if not sign_in:
        return code_pages.begin_again(request, road.page)
    send = partial(send_code, sign_in, purpose=road.purpose, request=request)
    return code_pages.send_again(request, road.page, address=sign_in.email_address, send=send)


def _begin(request: HttpRequest, road: Road, *, address: str) -> HttpResponse:
    limits.take("sign_in_page", subject=client_network(request))
    sign_in = begin(address=normalise_email(address))
    with suppress(CodeRefused):  # gone meanwhile, which the next page tells
        send_code(sign_in, purpose=road.purpose, request=request)
    page = code_pages.onward(request, road.page.name)
    return handles.keep(page, handles.for_sign_in(sign_in))


def _begun(request: HttpRequest, road: Road) -> SignIn | None:
    """What this browser has begun on this road, and not on the other one in another tab."""
    sign_in = handles.sign_in(request)
    return sign_in if sign_in and sign_in.code_for == road.purpose else None


def _prove(request: HttpRequest, road: Road, sign_in: SignIn, code: str) -> HttpResponse:
    try_code(sign_in, code=code, purpose=road.purpose, asks=ANY_FACTOR)
    return road.then(request, sign_in)


def _show(request: HttpRequest, road: Road, form: MailboxForm) -> HttpResponse:
    leads_to = code_pages.leads_to(request)
    return render(request, road.template, {"form": form, "leads_to": leads_to})
