"""The forgotten password on the hosted pages: allauth's two steps after the mail, each judged as it is taken."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY as BEGUN,
)
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

type _View = Callable[[HttpRequest], HttpResponseBase]


def _while_theirs(view: _View) -> _View:
    """A code proves the mailbox it went to, and opens an account only while that has the address (R-O1)."""

    @wraps(view)
    def judged(request: HttpRequest) -> HttpResponseBase:
        begun = request.session.get(BEGUN)
        if not begun:
            return _over(request) if request.method == "POST" else view(request)
        if not PasswordResetVerificationProcess(request, state=begun).is_valid():
            return _again(request, _("This took too long. Ask for a new code."))
        holder = User.objects.holding(begun.get("email", "").lower()).first()
        if "user_id" in begun and (holder is None or holder.pk != begun["user_id"]):
            return _again(request, _("This has changed meanwhile. Ask for a new code."))
        return view(request)

    return judged


def _over(request: HttpRequest) -> HttpResponse:
    words = _(
        "This is over. Sign in with the password you have just chosen, or ask for a new code."
    )
    messages.warning(request, words)
    return redirect("account_login")


def _again(request: HttpRequest, words: str) -> HttpResponse:
    del request.session[BEGUN]
    messages.warning(request, words)
    return redirect("account_reset_password")


type_code = _while_theirs(views.confirm_password_reset_code)
choose_password = _while_theirs(views.complete_password_reset)
