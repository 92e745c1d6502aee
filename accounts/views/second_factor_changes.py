"""What people change about their own second factors: allauth's pages, and our rules around them.

Recovery codes are shown in the answer that made them and nowhere else. A second factor is asked for before one
is removed, and a new one signs the person's other browsers out.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.internal.auth import clear_totp_secret  # has no public name
from allauth.mfa.totp.views import ActivateTOTPView, deactivate_totp
from allauth.mfa.webauthn.views import AddWebAuthnView, remove_webauthn
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import browsers, fresh_proof, second_factors
from accounts.forms.recovery_codes import NewCodesForm, ShownCodesForm
from accounts.models import User
from config.responses import unkept

type _View = Callable[..., HttpResponseBase]


class TurnOnApp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            if _has_app(_held(self.request)):  # turned on in another tab, a moment ago
                return redirect("mfa_index")
            answer = super().form_valid(form)
        _end_others(self.request)
        return _codes_page(self.request) if self.did_generate_recovery_codes else answer


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            _held(self.request)
            answer = super().form_valid(form)
        _end_others(self.request)
        return _codes_page(self.request) if self.did_generate_recovery_codes else answer


class NewCodes(GenerateRecoveryCodesView):
    def form_valid(self, form: NewCodesForm) -> HttpResponse:
        with transaction.atomic():
            _held(self.request)
            if not form.is_current():
                messages.warning(self.request, _("These codes were shown once. Make new ones."))
                return redirect("mfa_view_recovery_codes")
            super().form_valid(form)
        _end_others(self.request)
        return _codes_page(self.request)


def with_second_factor(view: _View) -> _View:
    """Whoever has a second factor gives it before one goes: a stolen session and its password take none away.
    Who has lost the app or the passkey gives a recovery code.
    """

    @wraps(view)
    def guarded(request: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factors.was_given(request) or not request.user.has_second_factor:
            return view(request, **kwargs)
        ways = get_adapter().get_reauthentication_methods(request.user)
        return redirect(f"{ways[0]['url']}?{urlencode({'next': request.get_full_path()})}")

    return guarded


def turn_on_app(request: HttpRequest) -> HttpResponseBase:
    """Whoever had this session before the last proof may have seen the secret that was shown then: here is another."""
    if request.method != "POST" and not fresh_proof.is_given(request):
        clear_totp_secret(request)
    return _turn_on_app(request)


@fresh_proof.required
def _turn_on_app(request: HttpRequest) -> HttpResponseBase:
    """allauth would lead whoever has one to its removal: a page loaded again, say."""
    return redirect("mfa_index") if _has_app(request.user) else TurnOnApp.as_view()(request)


add_passkey = fresh_proof.required(AddPasskey.as_view())
new_codes = with_second_factor(NewCodes.as_view())
turn_off_app = with_second_factor(deactivate_totp)
remove_passkey = with_second_factor(remove_webauthn)


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """How many are left, never which."""
    row = _codes_of(request)
    if row is None:
        return redirect("mfa_index")
    left = len(row.wrap().get_unused_codes())
    return render(request, "mfa/recovery_codes/index.html", {"left": left})


@require_POST
def codes_file(request: HttpRequest) -> HttpResponse:
    """What the page has just shown, as a file. The codes come from there, so nothing is shown twice."""
    form = ShownCodesForm(request.POST)
    if not form.is_valid():
        return redirect("mfa_view_recovery_codes")
    answer = HttpResponse(
        "\n".join([*form.cleaned_data["codes"].split(), ""]),
        content_type="text/plain",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )
    return unkept(answer)


def _codes_page(request: HttpRequest) -> HttpResponse:
    row = _codes_of(request)
    shown = row.wrap().get_unused_codes() if row else []
    context = {"lines": "\n".join(shown), "line": " ".join(shown)}
    return unkept(render(request, "mfa/recovery_codes/made.html", context))


def _codes_of(request: HttpRequest) -> Authenticator | None:
    kind = Authenticator.Type.RECOVERY_CODES
    return Authenticator.objects.filter(user=request.user.pk, type=kind).first()


def _held(request: HttpRequest) -> User:
    """Their row is locked, so that of parallel requests the later ones see what the first has done."""
    return User.objects.select_for_update().get(pk=request.user.pk)


def _has_app(user: Any) -> bool:
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def _end_others(request: Any) -> None:
    """A thief who is signed in elsewhere must not outlast what shuts thieves out. Called once that is committed: whose
    sign-in was judged before has a session by now, or is judged again (accounts/sessions.py).
    """
    browsers.end_others(request, user=request.user)
