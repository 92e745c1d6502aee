"""allauth's passkey forms. What a hostile browser sends is no passkey; to allauth it may be a crash."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import Worded, traced
from accounts.models import User

# What the parser raises when keys are missing, of another type, or hold bytes that are cut.
_BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)


class _Checked(forms.Form):
    def clean_credential(self) -> Any:
        with traced(self.user):  # type: ignore[attr-defined]
            try:
                return super().clean_credential()  # type: ignore[misc]
            except _BROKEN as error:
                raise get_adapter().validation_error("incorrect_code") from error


class SignInPasskeyForm(_Checked, passkey.LoginWebAuthnForm):
    """Instead of address and password."""


class SecondFactorPasskeyForm(_Checked, passkey.AuthenticateWebAuthnForm):
    """After them."""


class ReauthenticatePasskeyForm(_Checked, passkey.ReauthenticateWebAuthnForm):
    """Before a change of how one signs in."""


class AddPasskeyForm(Worded, passkey.AddWebAuthnForm):
    """Always a passkey: allauth's choice of a mere second key is one more thing to understand."""

    labels = {"name": _("Name")}
    help_texts = {"name": _("To tell it apart later, such as the device it lives on.")}
    attributes = {"name": {"autofocus": True, "maxlength": 64}}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields.pop("passwordless", None)
        others = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count()
        self.initial["name"] = _("Passkey %(number)d") % {"number": others + 1}

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except _BROKEN as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskeyForm(Worded, passkey.EditWebAuthnForm):
    labels = {"name": _("Name")}
    attributes = {"name": {"autofocus": True, "maxlength": 64}}
