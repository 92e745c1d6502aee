"""The hosted sign-up page: with a ticket, or with an address that a mailed code will prove."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import devices, handles
from accounts.addresses import normalise_email
from accounts.admission import AdmissionRefused, admit
from accounts.forms import InvitedSignUpForm, SignUpForm
from accounts.models import CodeRefused, SignUp
from accounts.passwords import check_queue
from accounts.posts import counted
from accounts.sessions import open_session
from accounts.sign_up import AccountExists, begin, send_code, sign_up_with_ticket
from accounts.views.code_pages import TOO_OFTEN
from config import limits
from config.clients import client_network
from config.limits import LimitExceeded
from config.responses import patient
from invitations.destination import Situation, hosted_notice, sign_in_to_accept, situation
from invitations.models import Invitation, InvitationClosed, Ticket

_NOTICES = {
    "invitation_expired": _("Your invitation has expired."),
    "invitation_revoked": _("Your invitation was withdrawn."),
    "open_too_long": _(
        "This page was open too long. Begin again; if you were invited, by the link in your e-mail."
    ),
}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if "__clerk_ticket" in request.GET:
        return handles.swap_ticket(request, page=reverse("account_signup"))
    ticket = handles.ticket(request)
    if request.user.is_authenticated:
        return redirect("confirm_invitation" if ticket else "home")
    if not ticket and handles.is_lost(request):
        return handles.ask_for_cookies(request)
    if not ticket:
        return handles.forgotten(request) if handles.said(request) else _with_address(request)
    try:
        return _with_ticket(request, ticket=ticket)
    except Invitation.DoesNotExist:  # erased meanwhile: its link is one that nobody knows
        return handles.forget(redirect("account_signup"))


def _with_ticket(request: HttpRequest, *, ticket: Ticket) -> HttpResponse:
    invitation = ticket.invitation
    if situation(invitation) != Situation.SIGN_UP:
        return _lead_on(invitation)
    form = InvitedSignUpForm(_posted(request), address=invitation.email_address)
    context = {
        "invitation": invitation,
        "ticket": ticket,
        "handle": handles.for_ticket(ticket).sign(),
    }
    try:
        answer = _join(request, form=form, ticket=ticket) if form.is_bound else None
    except LimitExceeded as error:
        return _pause(request, form=form, error=error, **context)
    except (InvitationClosed, AccountExists):
        return _lead_on(Invitation.objects.get(pk=invitation.pk))
    return answer or _show(request, form=form, **context)


def _join(request: HttpRequest, *, form: InvitedSignUpForm, ticket: Ticket) -> HttpResponse | None:
    with counted(request, "sign_up", ticket=ticket) as post:
        limits.check("ticket_post", subject=str(ticket.pk))
        if not form.is_valid():
            # A mail scanner's empty form must not lock the person out.
            if form.data.get("password"):
                limits.take("ticket_post", subject=str(ticket.pk))
            post.refuse()
            return None
        if not ticket.proves_address:
            return _await_code(request, begin(ticket=ticket, **form.cleaned_data))
        user = sign_up_with_ticket(ticket, **form.cleaned_data)
    devices.remember(request, user=user)
    open_session(request, user=user)
    return handles.forget(redirect("welcome"))


def _with_address(request: HttpRequest) -> HttpResponse:
    notice = _NOTICES.get(request.GET.get("notice", ""))
    form = SignUpForm(_posted(request))
    try:
        admit()
        answer = _begin(request, form=form) if form.is_bound else None
    except AdmissionRefused:
        return _refuse(request, notice=notice)
    except LimitExceeded as error:
        return _pause(request, form=form, error=error)
    return answer or _show(request, form=form, notice=notice)


def _begin(request: HttpRequest, *, form: SignUpForm) -> HttpResponse | None:
    limits.take("sign_up", subject=client_network(request))
    if not form.is_valid():
        return None
    said = dict(form.cleaned_data)
    return _await_code(request, begin(address=normalise_email(said.pop("email_address")), **said))


def _await_code(request: HttpRequest, sign_up: SignUp) -> HttpResponse:
    with suppress(CodeRefused):  # gone meanwhile, which the next page tells
        send_code(sign_up, request=request)
    return handles.keep(redirect("sign_up_code"), handles.for_sign_up(sign_up))


def _posted(request: HttpRequest) -> Any:
    if request.method != "POST":
        return None
    check_queue()
    return request.POST


def _show(request: HttpRequest, *, form: InvitedSignUpForm, **context: Any) -> HttpResponse:
    return render(request, "accounts/sign_up/form.html", {"form": form, **context})


def _pause(
    request: HttpRequest, *, form: InvitedSignUpForm, error: LimitExceeded, **context: Any
) -> HttpResponse:
    form.add_error(None, TOO_OFTEN)
    return patient(_show(request, form=form, **context), error=error)


def _refuse(request: HttpRequest, *, notice: Any) -> HttpResponse:
    """ "You need an invitation": nobody comes in by this road."""
    page = render(request, "accounts/sign_up/refused.html", {"notice": notice}, status=403)
    return handles.forget(page)


def _lead_on(invitation: Invitation) -> HttpResponse:
    """From a form that is of no use to where its invitation leads now."""
    now = situation(invitation)
    if now == Situation.SIGN_IN:
        return redirect(sign_in_to_accept())
    return handles.forget(redirect(hosted_notice(now)))
