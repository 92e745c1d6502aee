from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import devices
from accounts.forms import SetUpForm
from accounts.models import Application, SetUpClosed
from accounts.sessions import open_session
from config import limits
from config.clients import client_network
from config.limits import LimitExceeded
from config.responses import patient, secretive, unkept

_COOKIE = settings.OWN_COOKIE.format("set-up")
_COOKIE_AGE = 3600  # seconds


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first admin makes themselves, once. There is no default account, and no second first time."""
    if Application.objects.is_set_up():
        raise Http404
    if "code" in request.GET:
        return _out_of_the_address_bar(request.GET["code"])
    form = SetUpForm(
        request.POST if request.method == "POST" else None, code=request.COOKIES.get(_COOKIE, "")
    )
    try:
        answer = _make_admin(request, form=form) if form.is_bound else None
    except LimitExceeded as error:
        form.add_error(None, _("That was too often. Wait a minute, then try again."))
        return patient(_show(request, form=form), error=error)
    return answer or _show(request, form=form)


def _make_admin(request: HttpRequest, *, form: SetUpForm) -> HttpResponse | None:
    limits.take("set_up", subject=client_network(request))
    if not form.is_valid():
        return None
    try:
        admin = Application.objects.set_up(**form.cleaned_data)
    except SetUpClosed:
        form.refuse_code()
        return None
    except ValidationError as error:  # somebody signed up with this address before
        form.add_error(None, error)
        return None
    admin.note_sign_in()
    devices.remember(request, user=admin)
    open_session(request, user=admin)
    answer = redirect("invitations")
    answer.delete_cookie(_COOKIE, samesite="Lax")
    return answer


def _out_of_the_address_bar(code: str) -> HttpResponse:
    """Histories and shoulders see addresses; the code waits in a cookie for the form instead."""
    answer = secretive(redirect("set_up"))
    answer.set_cookie(
        _COOKIE,
        code[:100],
        max_age=_COOKIE_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _show(request: HttpRequest, *, form: SetUpForm) -> HttpResponse:
    return unkept(render(request, "accounts/set_up/set_up.html", {"form": form}))
