"""Sign-in is allauth's; what comes with an invitation link is ours."""

from allauth.account.views import LoginView, password_set
from allauth.mfa.webauthn.views import login_webauthn
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import fresh_proof, handles
from accounts.models import User
from accounts.passwords import check_queue
from config import limits
from config.clients import client_network
from config.responses import unkept
from invitations.destination import sign_in_to_accept

_NOTICES = {
    "invitation_accepted": _("This invitation was used already. Sign in with the account it made."),
    "signed_up": _("You have signed up already. Sign in."),
}


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """A ticket of somebody who has an account waits in a cookie; signing in leads to its confirming page."""
    if "__clerk_ticket" in request.GET:
        return handles.swap_ticket(request, page=sign_in_to_accept())
    if handles.is_lost(request) and not request.user.is_authenticated:
        return handles.ask_for_cookies(request)
    if request.method == "GET" and not User.objects.exists():
        return redirect("set_up")
    if request.method == "POST":
        check_queue()
        limits.take("sign_in", subject=client_network(request))
    context = {
        "notice": _NOTICES.get(request.GET.get("notice", "")),
        "for_invitation": request.GET.get("next") == reverse("confirm_invitation"),
    }
    return unkept(LoginView.as_view(extra_context=context)(request))


def passkey(request: HttpRequest) -> HttpResponseBase:
    """Instead of address and password. Asking for a challenge keeps a session, so it is counted."""
    if request.method != "POST":
        limits.take("sign_in", subject=client_network(request))
    return login_webauthn(request)


# Whoever finds a browser signed in to an account without a password must not give it one.
set_password = fresh_proof.required(password_set)
