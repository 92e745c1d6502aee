"""Signing in with a code from one's e-mail, which needs no password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import handles, page_sign_in
from accounts.models import FirstFactor, SignIn
from accounts.views import mailed_sign_in
from accounts.views.code_pages import CodePage
from accounts.views.mailed_sign_in import Road


def _enter(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    return handles.forget(page_sign_in.enter(request, sign_in), cookie="sign-in")


_PAGE = CodePage("sign_in_code", begin="sign_in_with_code", button=_("Sign in"), tells_nobody=True)
_ROAD = Road(
    FirstFactor.EMAIL_CODE, page=_PAGE, template="accounts/sign_in/with_code.html", then=_enter
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    return redirect("home") if request.user.is_authenticated else mailed_sign_in.ask(request, _ROAD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    return mailed_sign_in.type_code(request, _ROAD)


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.send_again(request, _ROAD)
