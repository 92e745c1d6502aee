from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import sessions
from config.responses import left_behind


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """At both doors: in the application as well."""
    if request.method != "POST":
        is_in = request.user.is_authenticated
        return render(request, "account/logout.html") if is_in else redirect("account_login")
    sessions.close_session(request)
    messages.success(request, _("You are signed out."))
    return left_behind(redirect("account_login"))
