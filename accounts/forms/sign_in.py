"""allauth's forms in our words, and with our idea of an address. config/settings.py names them."""

import functools
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp  # where a new secret waits has no public name
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import guesses
from accounts.addresses import InvalidAddress, normalise_email
from accounts.forms.fields import AddressField, address_input
from accounts.forms.patience import Patient
from accounts.models import User
from accounts.models.mailed_code import TYPED_LENGTH, as_digits
from accounts.passwords import MAX_LENGTH, MIN_LENGTH
from accounts.second_factors import are_lost
from accounts.sign_in import NotProved, spend_second_factor
from config import audit

_LENGTHS = {"minlength": MIN_LENGTH, "maxlength": MAX_LENGTH}
_DIGITS = {"inputmode": "numeric", "maxlength": TYPED_LENGTH, "autofocus": True}
_LONG_BEATS_COMPLICATED = _("At least 8 characters. Long beats complicated.")


class Worded(Patient):
    """No placeholders, no second box for the same password (each has "Show"), and our words."""

    labels: ClassVar[dict[str, Any]] = {}
    help_texts: ClassVar[dict[str, Any]] = {}
    attributes: ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.attributes.get(name, {}))
            field.error_messages["required"] = _("Fill this in.")


class SignInForm(Worded, account.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail address"), strip=False, widget=address_input("username")
        )
        self.fields["login"].widget.attrs["autofocus"] = True

    def clean_login(self) -> str:
        """What is no address belongs to nobody; it gets the same answer, and the same work, as a stranger's."""
        typed = self.cleaned_data["login"]
        try:
            return normalise_email(typed).email_address
        except InvalidAddress:
            return f"nobody-{hashlib.sha256(typed.encode(errors='replace')).hexdigest()[:32]}"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """allauth would keep a session for weeks in which nobody is signed in as yet."""
        answer = super().login(request, redirect_url=redirect_url)
        request.session.set_expiry(None)
        return answer


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    labels = {"password": _("Password")}
    attributes = {"password": {"autofocus": True}}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {"oldpassword": _("Password now"), "password1": _("New password")}
    help_texts = {"password1": _LONG_BEATS_COMPLICATED}
    attributes = {"oldpassword": {"autofocus": True}, "password1": _LENGTHS}

    def clean_oldpassword(self) -> str:
        typed = self.cleaned_data["oldpassword"]
        check = functools.partial(self.user.check_password, typed)
        if not guesses.judge(context.request, email_address=self.user.email_address, check=check):
            audit.trace("wrong_password", subject=self.user.pk)
            raise get_adapter().validation_error("enter_current_password")
        return typed


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = {"password1": _("Password")}
    help_texts = {"password1": _LONG_BEATS_COMPLICATED}
    attributes = {"password1": {"autofocus": True, **_LENGTHS}}


class NewPasswordForm(SetPasswordForm):
    labels = {"password1": _("New password")}


class MailboxForm(forms.Form):
    """To which address a code shall go."""

    email = AddressField(widget=address_input("username"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autofocus"] = True


class ChangeAddressForm(forms.Form):
    new_address = AddressField(label=_("New e-mail address"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["new_address"].widget.attrs["autofocus"] = True

    def clean_new_address(self) -> str:
        address = self.cleaned_data["new_address"]
        if self.user.has_address(normalise_email(address).email_key):
            raise ValidationError(_("This is your address already."), code="own")
        return address


@contextmanager
def traced(user: User | None) -> Iterator[None]:
    """Around allauth's look at a second factor, which says in one way that it is wrong."""
    try:
        yield
    except ValidationError as refused:
        if refused.code == "incorrect_code":
            audit.trace("wrong_second_factor", subject=user.pk if user else "")
        raise


class TypedCode(Worded):
    """The code of an authenticator app or a recovery code."""

    labels = {"code": _("Code")}
    attributes = {"code": {"autofocus": True, "maxlength": TYPED_LENGTH}}

    def clean_code(self) -> str:
        user = self.user  # type: ignore[attr-defined]
        self.cleaned_data["code"] = as_digits(self.cleaned_data["code"])
        try:
            with traced(user):
                code = super().clean_code()  # type: ignore[misc]
            spend_second_factor(user, code=code)
        except NotProved as used:
            raise mfa_adapter().validation_error("incorrect_code") from used
        except ValidationError as wrong:
            if wrong.code == "incorrect_code" and are_lost(user):
                raise mfa_adapter().validation_error("unreadable") from wrong
            raise
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:  # type: ignore[attr-defined]
            audit.trace("recovery_code_used", subject=user.pk)
        return code


class SecondFactorForm(TypedCode, second_factor.AuthenticateForm):
    pass


class SecondFactorAgainForm(TypedCode, second_factor.ReauthenticateForm):
    pass


class AuthenticatorAppForm(Worded, ActivateTOTPForm):
    labels = {"code": _("Code from the app")}
    attributes = {"code": _DIGITS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A page shown again has the secret that the app may hold already; allauth would make another."""
        secret = totp.get_totp_secret()
        super().__init__(*args, **kwargs)
        self.secret = context.request.session[totp.SECRET_SESSION_KEY] = secret

    def clean_code(self) -> str:
        self.cleaned_data["code"] = as_digits(self.cleaned_data["code"])
        return super().clean_code()
