"""Accepting an invitation with an existing account: the user signs in, then confirms with one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import handles, sessions
from accounts.models import User
from accounts.sign_up import WrongAccount, accept_as
from invitations.destination import Situation, hosted_notice, sign_in_to_accept, situation
from invitations.models import Invitation, InvitationClosed, Ticket


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    ticket = handles.ticket(request)
    if not ticket:
        return redirect("home")
    invitation, user = ticket.invitation, request.user
    now = situation(invitation)
    if not isinstance(user, User):
        return _next_step(now)
    if not user.has_address(invitation.email_key):
        return _show(request, "invitations/link/other_account.html", ticket=ticket)
    if now != Situation.SIGN_IN:
        return _closed(now)
    if request.method == "POST":
        return _accept(user, invitation=invitation)
    return _show(request, "invitations/link/confirm.html", ticket=ticket)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out the wrong account and continue with the link. Nothing was added to that account."""
    ticket = handles.ticket(request)
    sessions.close_session(request)
    if not ticket:
        return redirect("account_login")
    return handles.keep(_next_step(situation(ticket.invitation)), handles.for_ticket(ticket))


def _accept(user: User, *, invitation: Invitation) -> HttpResponse:
    try:
        accept_as(user, invitation=invitation)
    except InvitationClosed as closed:
        return _closed(Situation(closed.reason))
    except (WrongAccount, Invitation.DoesNotExist, User.DoesNotExist):
        return redirect("confirm_invitation")  # that page shows what has changed meanwhile
    return handles.forget(redirect("welcome"))


def _closed(now: Situation) -> HttpResponse:
    return handles.forget(redirect(hosted_notice(now)))


def _next_step(now: Situation) -> HttpResponse:
    return redirect(sign_in_to_accept() if now == Situation.SIGN_IN else "account_signup")


def _show(request: HttpRequest, template: str, *, ticket: Ticket) -> HttpResponse:
    return render(
        request, template, {"ticket": ticket, "handle": handles.for_ticket(ticket).sign()}
    )
