"""The browsers in which a person is signed in: listed, and signed out, one or all others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import browsers, sessions
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def list_sessions(request: HttpRequest) -> HttpResponse:
    user, here = request.user, sessions.current(request)
    assert isinstance(user, User)
    if request.method == "POST":
        browsers.end_others(request, user=user)
        messages.success(request, _("All other browsers are signed out."))
        return redirect("sessions")
    context = {"browsers": browsers.list_of(user), "here": here.id if here else ""}
    return render(request, "accounts/account/sessions.html", context)


@require_POST
def end_session(request: HttpRequest, session_id: str) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    browsers.end_one(user, session_id=session_id)
    messages.success(request, _("That browser is signed out."))
    return redirect("sessions")
