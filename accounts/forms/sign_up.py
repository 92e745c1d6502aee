from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField, NameField, NewPasswordField
from accounts.models import User
from accounts.models.mailed_code import TYPED_LENGTH, as_digits


def _input(autocomplete: str, **attributes: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


class InvitedSignUpForm(forms.Form):
    """What an invited person says. The address, the metadata and the target are the invitation's."""

    first_name = NameField(label=_("First name"), required=False, widget=_input("given-name"))
    last_name = NameField(label=_("Last name"), required=False, widget=_input("family-name"))
    password = NewPasswordField()

    def __init__(self, *args: Any, address: str = "", **kwargs: Any) -> None:
        self.address = address
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Judge the password last, since it must not resemble the address or the names."""
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(password, user=User(email_address=self.address, **names))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class SignUpForm(InvitedSignUpForm):
    """An ordinary sign-up: the address is typed, and proved by a code afterwards."""

    email_address = AddressField()
    field_order = ["email_address", "first_name", "last_name", "password"]

    def clean_email_address(self) -> str:
        self.address = self.cleaned_data["email_address"]
        return self.address


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        error_messages={"required": _("Type the six digits from the e-mail.")},
        help_text=_("Six digits, good for ten minutes."),
        widget=_input("one-time-code", inputmode="numeric", maxlength=TYPED_LENGTH, autofocus=True),
    )

    def clean_code(self) -> str:
        code = as_digits(self.cleaned_data["code"])
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise ValidationError(_("Type the six digits from the e-mail."))
        return code
