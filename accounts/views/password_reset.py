"""The forgotten password: a code to the mailbox, a new password, and in."""

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import handles, page_sign_in
from accounts.adapter import shut_page
from accounts.forms import NewPasswordForm
from accounts.judge import ANY_FACTOR, AccountShut
from accounts.models import CodeRefused, FirstFactor, SignIn
from accounts.sign_in import set_password
from accounts.views import code_pages, mailed_sign_in
from accounts.views.code_pages import CodePage
from accounts.views.mailed_sign_in import Road

_OVER = _("This is over. Sign in with the password you have just chosen, or ask for a new code.")


def _go_on(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    page = code_pages.onward(request, "new_password")
    return handles.keep(page, handles.for_sign_in(sign_in))


_PAGE = CodePage(
    "password_reset_code",
    begin="account_reset_password",
    button=_("Continue"),
    tells_nobody=True,
)
_ROAD = Road(FirstFactor.RESET, page=_PAGE, template="accounts/sign_in/forgotten.html", then=_go_on)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.ask(request, _ROAD)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.type_code(request, _ROAD)


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    return mailed_sign_in.send_again(request, _ROAD)


@never_cache
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    sign_in = handles.proved_sign_in(request)
    if not sign_in or sign_in.status != "needs_new_password":
        return _over(request)
    posted = request.POST if request.method == "POST" else None
    form = NewPasswordForm(sign_in.user, posted)
    if not form.is_bound or not form.is_valid():
        handle = handles.for_sign_in(sign_in).sign()
        context = {"form": form, "handle": handle, "leads_to": code_pages.leads_to(request)}
        return render(request, "accounts/sign_in/new_password.html", context)
    try:
        return _enter(request, sign_in, password=form.cleaned_data["password1"])
    except CodeRefused:
        return _over(request)
    except AccountShut as shut:
        return shut_page(request, shut)


def _enter(request: HttpRequest, sign_in: SignIn, *, password: str) -> HttpResponse:
    set_password(sign_in, password_hash=make_password(password), asks=ANY_FACTOR)
    page = page_sign_in.enter(request, sign_in)
    messages.success(request, _("Your password is changed."))
    return handles.forget(page, cookie="sign-in")


def _over(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return code_pages.onward(request, "account_reset_password")
    messages.warning(request, _OVER)
    return code_pages.onward(request, "account_login")
