"""The fresh proof of who has neither a password nor a second factor: a code to their mailbox."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter

# allauth's own pages of this kind end with these two; they have no public names.
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import handles
from accounts.models import FirstFactor, SignIn, User
from accounts.sign_in import proved_person
from accounts.views import code_pages, mailed_sign_in
from accounts.views.code_pages import CodePage
from accounts.views.mailed_sign_in import Road

type _View = Callable[[HttpRequest], HttpResponse]


def _go_on(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    user = proved_person(sign_in)
    sign_in.complete()
    if user != request.user:  # begun by somebody else who was signed in in this browser
        return code_pages.begin_again(request, _PAGE)
    record_authentication(request, user, method="code", reauthenticated=True)
    page = resume_request(request) or redirect("home")
    return handles.forget(page, cookie="sign-in")


_PAGE = CodePage("proof_by_code_typed", begin="proof_by_code", button=_("Continue"))
_ROAD = Road(
    FirstFactor.EMAIL_CODE, page=_PAGE, template="accounts/proof_by_code.html", then=_go_on
)


def _only_way(view: _View) -> _View:
    """Who has a password or a second factor gives that: their mailbox alone proves less."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        ways = get_adapter().get_reauthentication_methods(request.user)
        if all(way["url"] != reverse(_PAGE.begin) for way in ways):
            return code_pages.onward(request, "account_reauthenticate")
        return view(request)

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_only_way
def ask(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return mailed_sign_in.ask(request, _ROAD, address=request.user.email_address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_only_way
def code(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.type_code(request, _ROAD)


@require_POST
@_only_way
def code_again(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.send_again(request, _ROAD)
