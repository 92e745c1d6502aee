"""The first of two adapters (the other is second_factor_adapter.py): allauth signs people in, but never up."""

import functools
import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login  # ends a pending sign-in: no public name
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import browsers, devices, guesses, judge, sessions
from accounts.judge import AccountShut, PasswordChanged, SecondFactorOwed
from accounts.models import Application, PasswordKind, StalePassword, User
from accounts.passwords import compare
from config import audit
from config.clients import client_ip
from config.mail import compose, render_text

_PROVED = "sign_in_proved"  # session key: what the password was when it was proved
# What people are told by mail is traced: the name of allauth's template, and what it tells of.
_TOLD = {
    "password_changed": ("password_changed", ""),
    "password_set": ("password_changed", ""),
    "password_reset": ("password_reset", ""),
    "email_changed": ("address_changed", ""),
    "totp_activated": ("factor_added", "totp"),
    "totp_deactivated": ("factor_removed", "totp"),
    "webauthn_added": ("factor_added", "webauthn"),
    "webauthn_removed": ("factor_removed", "webauthn"),
    "recovery_codes_generated": ("recovery_codes_made", ""),
}
_LIMITS = {"too_many_login_attempts", "rate_limited"}
_TOO_OFTEN = _("That was too often. Wait a few minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and password do not belong together. Check both."
        ),
        "enter_current_password": _("This is not your password. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right. Check it, or wait for the next one."),
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def validation_error(self, code: str, *words: Any) -> ValidationError:
        """Where allauth counts tries, it says so by one of two codes."""
        if code in _LIMITS:
            audit.trace("limit_reached", how=code)
        return super().validation_error(code, *words)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Whoever has said the right password, code or passkey is told why it opens nothing; nobody else is."""
        request.session[_PROVED] = user.get_session_auth_hash()
        try:
            judge.check_first_factor(_as_stored(user))
        except AccountShut as shut:
            clear_login(request)
            return shut_page(request, shut)
        return super().pre_login(request, user, **how)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Judged once more: the second factor may have taken its time, and the password be another one now."""
        proved_hash = request.session.pop(_PROVED, "")
        notes = get_authentication_records(request, user)
        has_second_factor = any(note["method"] == "mfa" for note in notes)  # a passkey alone is one
        try:
            judge.check_entry(
                _as_stored(user), proved_hash=proved_hash, has_second_factor=has_second_factor
            )
        except AccountShut as shut:
            clear_login(request)
            raise ImmediateHttpResponse(shut_page(request, shut)) from shut
        except (PasswordChanged, SecondFactorOwed) as changed:
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login")) from changed
        super().login(request, user)
        user.note_sign_in()
        devices.recognise(request, user=user)
        sessions.begin(request)
        if not has_second_factor and user.has_second_factor:
            # It was added, and all others were signed out, while this one came in.
            sessions.close_session(request)
        if not request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect("account_login"))

    def set_password(self, user: Any, password: str) -> None:
        """Only the password is written: hashing takes a while, and the row may change meanwhile."""
        try:
            user.change_password(password_hash=make_password(password))
            browsers.keep_only_this(self.request, user=user)
        except StalePassword as changed:
            messages.warning(self.request, _("Your password has changed meanwhile. Sign in again."))
            raise ImmediateHttpResponse(redirect("account_login")) from changed
        # Who is signed in is known in this browser still.
        if self.request and self.request.user == user:
            devices.remember(self.request, user=user)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Every password that is typed, but where one is changed, passes here. Raises LimitExceeded."""
        check = functools.partial(super().authenticate, request, **credentials)
        return guesses.judge(request, email_address=credentials.get("email", ""), check=check)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's own count is none of ours: a stranger's guesses would keep the owner out."""

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Whoever has a second factor proves themselves by it: a stolen password changes nothing of how they sign
        in. Who has nothing else gives a mailed code.
        """
        ways = super().get_reauthentication_methods(user)
        by_code = {
            "id": "proof_by_code",
            "description": _("Use a code from your e-mail"),
            "url": reverse("proof_by_code"),
        }
        return [way for way in ways if way["id"] != "reauthenticate"] or ways or [by_code]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_notification_mail(
        self, template_prefix: str, user: Any, *words: Any, **more: Any
    ) -> None:
        name = template_prefix.rpartition("/")[2]
        if name in _TOLD:
            kind, how = _TOLD[name]
            audit.trace(kind, subject=user.pk, how=how)
        super().send_notification_mail(template_prefix, user, *words, **more)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without allauth's `current_site`, which is whatever Host the request named."""
        self.render_mail(template_prefix, email, context).send()

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: Any = None,
    ) -> EmailMultiAlternatives:
        """allauth's words in our clothes: its text becomes the body of our own frame."""
        name = template_prefix.rpartition("/")[2]
        subject = render_text(f"{template_prefix}_subject.txt", context=context)
        text = render_text(f"{template_prefix}_message.txt", context=context)
        to = email if isinstance(email, str) else email[0]
        words = {"name": name, "subject": subject, "text": text}
        application = Application.objects.current()
        return compose("account", to=to, context={**context, **words, "application": application})


def shut_page(request: HttpRequest, shut: AccountShut) -> HttpResponse:
    """Why an account opens nothing, for who has proved that it is theirs."""
    if shut.reason == "banned":
        return redirect("account_inactive")
    minutes = math.ceil((shut.seconds or 0) / 60)
    return render(request, "account/account_locked.html", {"minutes": minutes}, status=403)


def _as_stored(user: Any) -> User:
    """By the judge's clock. Raises AccountShut of who is erased meanwhile."""
    person = User.objects.timed().filter(pk=user.pk).first()
    if person is None:
        raise AccountShut(reason="banned")
    return person


class SignInBackend(AuthenticationBackend):
    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """The same look-ups and the same check, whoever it is. Where there is no password to compare with, a hash
        stands in for it that costs what the others cost.
        """
        stand_in = PasswordKind.objects.dummy_for(email.lower())
        user = User.objects.holding(email.lower()).first()
        found, self._was_right = None, False
        if user and user.has_usable_password():
            found = self._check_password(user, password)
        else:
            self._did_check_password = True
            compare(password, encoded=stand_in)
        if not self._was_right:
            audit.trace("wrong_password", subject=user.pk if user else "", address=email)
        return found

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked once the password was right."""
        self._was_right = True
        return super().user_can_authenticate(user)
