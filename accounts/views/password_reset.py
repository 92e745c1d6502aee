"""The forgotten password on the hosted pages: allauth's two steps after the mail, each judged as it is taken."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY as BEGUN,
)
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User

type _View = Callable[[HttpRequest], HttpResponseBase]


def _while_theirs(view: _View) -> _View:
    """A code proves the mailbox it went to, and opens an account only while that has the address (R-O1)."""

    @wraps(view)
    def judged(request: HttpRequest) -> HttpResponseBase:
        begun = request.session.get(BEGUN) or {}
        holder = User.objects.holding(begun.get("email", "").lower()).first()
        if "user_id" in begun and (holder is None or holder.pk != begun["user_id"]):
            del request.session[BEGUN]
            messages.warning(request, _("This has changed meanwhile. Ask for a new code."))
            return redirect("account_reset_password")
        return view(request)

    return judged


type_code = _while_theirs(views.confirm_password_reset_code)
choose_password = _while_theirs(views.complete_password_reset)
