"""The second step of a sign-up without a proven address: the mailed code."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import devices, handles
from accounts.admission import AdmissionRefused
from accounts.models import CodeRefused, SignUp
from accounts.sessions import open_session
from accounts.sign_up import AccountExists, finish, send_code
from accounts.views import code_pages
from accounts.views.code_pages import Attempt, CodePage
from invitations.models import Invitation, InvitationClosed

_PAGE = CodePage("sign_up_code", begin="account_signup", button=_("Create account"))
_OVER = (AdmissionRefused, InvitationClosed, Invitation.DoesNotExist)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    sign_up = handles.sign_up(request)
    if request.user.is_authenticated:
        return redirect("home")
    if not sign_up:
        return handles.begin_again(request)
    begun = Attempt(sign_up.email_address, handles.for_sign_up(sign_up), ticket=sign_up.ticket)
    try:
        return code_pages.type_code(
            request, _PAGE, begun=begun, deed=partial(_finish, request, sign_up)
        )
    except _OVER:
        return handles.begin_again(request)


def _finish(request: HttpRequest, sign_up: SignUp, code: str) -> HttpResponse:
    try:
        user = finish(sign_up, code=code)
    except AccountExists as known:
        if sign_up.ticket_id:
            return handles.begin_again(request)
        # No code was mailed to it, so this one was guessed: it stays a wrong one.
        raise CodeRefused(reason="wrong") from known
    assert user  # this page begins what is complete but for the code
    devices.remember(request, user=user)
    open_session(request, user=user)
    return handles.forget(redirect("welcome"))


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    sign_up = handles.sign_up(request)
    if not sign_up:
        return handles.begin_again(request)
    send = partial(send_code, sign_up, request=request)
    try:
        return code_pages.send_again(request, _PAGE, address=sign_up.email_address, send=send)
    except (AccountExists, *_OVER):
        return handles.begin_again(request)
