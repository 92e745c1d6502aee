from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.addresses import InvalidAddress, has_hidden_in_name, normalise_email
from accounts.passwords import MAX_LENGTH, MIN_LENGTH
from config.mail import display_name

MAX_NAME = 64


def address_input(autocomplete: str = "email") -> forms.EmailInput:
    return forms.EmailInput(
        attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    )


class AddressField(forms.CharField):
    """An e-mail address; cleaned to its one form, which is text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "label": _("E-mail address"),
                "strip": False,
                "widget": address_input(),
                "error_messages": {"required": _("Give an e-mail address.")},
                **options,
            }
        )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return normalise_email(typed).email_address
        except InvalidAddress as error:
            raise ValidationError(str(error), code="invalid") from error


class NameField(forms.CharField):
    """What a person is called. One that looks like a link is a name too: C.S.Lewis. Mails leave it out."""

    def __init__(self, **options: Any) -> None:
        words = {"required": _("Give a name.")}
        super().__init__(**{"max_length": MAX_NAME, "error_messages": words, **options})

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if has_hidden_in_name(name):
            raise ValidationError(_("Use visible characters on one line."), code="invalid")
        return name


class ApplicationNameField(NameField):
    """What an application is called: mails must be able to say it, so it must not look like a link."""

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if name and not display_name(name):
            raise ValidationError(_("Give a name without links or addresses."), code="invalid")
        return name


class NewPasswordField(forms.CharField):
    """A password to be; forms judge it with validate_password once they know whose it is."""

    def __init__(self, **options: Any) -> None:
        lengths = {"minlength": MIN_LENGTH, "maxlength": MAX_LENGTH}
        super().__init__(
            **{
                "label": _("Password"),
                "strip": False,
                "error_messages": {"required": _("Choose a password.")},
                "help_text": _("At least 8 characters. Long beats complicated."),
                "widget": forms.PasswordInput(attrs={"autocomplete": "new-password", **lengths}),
                **options,
            }
        )
