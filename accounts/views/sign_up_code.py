"""The second step of a sign-up without a proven address: the mailed code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import handles
from accounts.admission import AdmissionRefused
from accounts.forms import CodeForm
from accounts.models import CodeRefused, SignUp
from accounts.sessions import open_session
from accounts.sign_up import AccountExists, finish, send_code
from config import limits
from config.clients import client_network
from config.limits import LimitExceeded
from config.responses import patient
from invitations.models import Invitation, InvitationClosed

_REASONS = {
    "wrong": gettext_lazy("This is not the code. Check the newest e-mail from us."),
    "expired": gettext_lazy("This code is too old. Ask for a new one."),
    "too_many_tries": gettext_lazy("That was one wrong code too many. Ask for a new one."),
    "done": gettext_lazy("This code was used already. Sign in instead."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    sign_up = handles.sign_up(request)
    if request.user.is_authenticated:
        return redirect("home")
    if not sign_up:
        return handles.begin_again(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        answer = _finish(request, form=form, sign_up=sign_up) if form.is_bound else None
    except LimitExceeded as error:
        form.add_error(None, _("That was too often. Wait a little, then try again."))
        return patient(_show(request, form=form, sign_up=sign_up), error=error)
    except (AdmissionRefused, InvitationClosed, Invitation.DoesNotExist):
        return handles.begin_again(request)
    return answer or _show(request, form=form, sign_up=sign_up)


def _finish(request: HttpRequest, *, form: CodeForm, sign_up: SignUp) -> HttpResponse | None:
    limits.take("code_attempt", subject=client_network(request))
    if not form.is_valid():
        return None
    try:
        user = finish(sign_up, code=form.cleaned_data["code"])
    except CodeRefused as closed:
        form.add_error("code", _REASONS[closed.reason])
        return None
    except AccountExists:
        if sign_up.ticket_id:
            return handles.begin_again(request)
        # No code was mailed to it, so this one was guessed: it stays a wrong one.
        form.add_error("code", _REASONS["wrong"])
        return None
    assert user  # this page begins what is complete but for the code
    open_session(request, user=user)
    return handles.forget(redirect("welcome"))


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    sign_up = handles.sign_up(request)
    if not sign_up:
        return handles.begin_again(request)
    try:
        send_code(sign_up)
        messages.success(
            request,
            _("A new code is on its way to %(address)s.") % {"address": sign_up.email_address},
        )
    except CodeRefused as refused:
        if refused.reason == "done":
            return handles.begin_again(request)
        messages.warning(
            request, _("A code left less than 30 seconds ago. Give it a moment to arrive.")
        )
    except LimitExceeded:
        messages.warning(request, _("That was too often. Wait an hour, then ask for a new code."))
    except (AccountExists, AdmissionRefused, InvitationClosed, Invitation.DoesNotExist):
        return handles.begin_again(request)
    return redirect("sign_up_code")


def _show(request: HttpRequest, *, form: CodeForm, sign_up: SignUp) -> HttpResponse:
    context = {"form": form, "sign_up": sign_up, "handle": handles.for_sign_up(sign_up).sign()}
    return render(request, "accounts/sign_up/code.html", context)
