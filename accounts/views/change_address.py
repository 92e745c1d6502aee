"""Another address, proved by a code that went there."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import fresh_proof, handles
from accounts.addresses import normalise_email
from accounts.change_address import begin, finish, send_code
from accounts.forms import ChangeAddressForm
from accounts.models import AddressChange, CodeRefused, User
from accounts.views import code_pages
from accounts.views.code_pages import TOO_OFTEN, Attempt, CodePage
from config.limits import LimitExceeded
from config.responses import patient

_PAGE = CodePage(
    "change_address_code",
    begin="account_email",
    button=_("Confirm address"),
    tells_nobody=True,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof.required(allow_get=True)
def ask(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    posted = request.POST if request.method == "POST" else None
    form = ChangeAddressForm(posted, user=request.user)
    show = partial(render, request, "accounts/account/change_address.html", {"form": form})
    if not form.is_bound or not form.is_valid():
        return show()
    try:
        change = begin(request.user, address=normalise_email(form.cleaned_data["new_address"]))
        send_code(change, request=request)
    except LimitExceeded as error:
        form.add_error(None, TOO_OFTEN)
        return patient(show(), error=error)
    except CodeRefused:  # erased meanwhile
        return redirect("account")
    return handles.keep(redirect(_PAGE.name), handles.for_change(change))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    change = handles.change(request)
    if not change:
        return code_pages.begin_again(request, _PAGE)
    begun = Attempt(change.email_address, handles.for_change(change))
    deed = partial(_finish, request, change)
    return code_pages.type_code(request, _PAGE, begun=begun, deed=deed)


def _finish(request: HttpRequest, change: AddressChange, code: str) -> HttpResponse:
    finish(change, code=code)
    words = _("Your address is %(address)s now.") % {"address": change.email_address}
    messages.success(request, words)
    return handles.forget(redirect("account"), cookie="address")


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    change = handles.change(request)
    if not change:
        return code_pages.begin_again(request, _PAGE)
    send = partial(send_code, change, request=request)
    return code_pages.send_again(request, _PAGE, address=change.email_address, send=send)
