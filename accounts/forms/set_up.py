from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField, ApplicationNameField, NewPasswordField
from accounts.guessing import check_guessable
from accounts.models import User


class SetUpForm(forms.Form):
    """The first admin, and what the application is called."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=100,
        error_messages={"required": _("Copy the code from where Ollio was started.")},
        help_text=_("It is part of the address that was printed when Ollio started."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = ApplicationNameField(
        label=_("Application name"),
        help_text=_("What people are invited to. Every mail and page shows it."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email_address = AddressField(label=_("Your e-mail address"))
    password = NewPasswordField()

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        """With a `code`, nobody needs to type one."""
        super().__init__(*args, **kwargs)
        self.initial["code"] = code
        if code:
            self.fields["code"].widget = forms.HiddenInput()
        self.fields["name" if code else "code"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                validate_password(
                    cleaned["password"], user=User(email_address=cleaned.get("email_address", ""))
                )
                # The application has its name only when this is done.
                check_guessable(cleaned["password"], words=[cleaned.get("name", "")])
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def refuse_code(self) -> None:
        """Say so where it can be mended: in a field that is seen."""
        self.fields["code"].widget = self.declared_fields["code"].widget
        self.add_error(
            "code", _("This code does not work any more. Take the newest one that Ollio printed.")
        )
