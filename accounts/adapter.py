"""The one adapter (decisions 11): allauth signs people in, but never signs anybody up."""

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.addresses import InvalidAddress, normalise_email
from accounts.models import Application, StalePassword, User
from config.clients import client_ip
from config.mail import compose, render_text

_PROVED = "sign_in_proved"  # session key: what the password was when it was proved
_TOO_OFTEN = _("That was too often. Wait a few minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This address and password do not belong together. Check both."
        ),
        "enter_current_password": _("This is not your password. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "incorrect_code": _("This code is not right. Check it, or wait for the next one."),
        "duplicate_email": _("This is your address already."),
        "email_taken": _("This address belongs to another account."),
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_email(self, email: str) -> str:
        try:
            return normalise_email(email).email_address
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """Whoever has said the right password, code or passkey is told why it opens nothing; nobody else is."""
        request.session[_PROVED] = user.get_session_auth_hash()
        return super().pre_login(request, user, **how) or self._shut_out(request, user)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Judged once more: the second factor may have taken its time, and the password be another one now."""
        page = self._shut_out(request, user)
        if request.session.pop(_PROVED, "") != user.get_session_auth_hash():
            clear_login(request)
            page = page or redirect("account_login")
        if page:
            raise ImmediateHttpResponse(page)
        super().login(request, user)
        user.note_sign_in()
        sessions.begin(request)

    def _shut_out(self, request: HttpRequest, user: Any) -> HttpResponse | None:
        person = User.objects.timed().filter(pk=user.pk).first()
        if person and person.is_active and not person.is_locked:
            return None
        clear_login(request)
        if not person or not person.is_active:  # erased meanwhile, or banned
            return self.respond_user_inactive(request, user)
        minutes = math.ceil((person.lockout_seconds or 0) / 60)
        return render(request, "account/account_locked.html", {"minutes": minutes}, status=403)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make it the person's first address, unless it has become somebody else's since the code was sent.

        Of their addresses only the former first one goes; allauth would drop all of them.
        """
        user, new = email_address.user, email_address.email
        former = user.email_address
        try:
            with transaction.atomic():
                user.move_to(new)
                told = {"from_email": former, "to_email": new}
                self.send_notification_mail("account/email/email_changed", user, told, email=former)
        except IntegrityError:
            messages.error(request, self.error_messages["email_taken"])
            return False
        done = "account/messages/email_confirmed.txt"
        self.add_message(request, messages.SUCCESS, done, {"email": new})
        return True

    def set_password(self, user: Any, password: str) -> None:
        """Only the password is written: hashing takes a while, and the row may change meanwhile."""
        try:
            user.change_password(password_hash=make_password(password))
        except StalePassword as changed:
            messages.warning(self.request, _("Your password has changed meanwhile. Sign in again."))
            raise ImmediateHttpResponse(redirect("account_login")) from changed

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count of wrong passwords for an address. allauth counts anew for every Host that a request names,
        its port included, which anybody may write.
        """
        return str(credentials.get("email", ""))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without allauth's `current_site`, which is whatever Host the request named (R-H1)."""
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


class SignInBackend(AuthenticationBackend):
    def _authenticate_by_email(self, email: str, password: str) -> Any:
        """One look-up and one hash, whoever it is (R-K1): allauth looks twice for an address that nobody has."""
        return self._check_password(User.objects.holding(email.lower()).first(), password)
