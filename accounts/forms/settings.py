"""What admins may say about the application; every rule is a leaf's."""

from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField, NameField
from accounts.models import Application, SignUpMode
from accounts.models.application import BuiltMode
from invitations.targets import InvalidTarget, clean_origins, clean_target

_PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


class PageField(forms.CharField):
    """The URL of a page of the application: https, or http on one's own machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})
        self.widget.attrs |= {"inputmode": "url", **_PLAIN}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_target(text, origins=[], hosted=[]) if text else ""
        except InvalidTarget as error:
            raise ValidationError(str(error), code="invalid") from error


class SettingsForm(forms.Form):
    name = NameField(label=_("Application name"), help_text=_("Mails and sign-up pages show it."))
    home_url = PageField(
        label=_("Home URL"), help_text=_("Where people go once they have signed up.")
    )
    support_address = AddressField(
        label=_("Support address"),
        required=False,
        help_text=_("Shown to people who cannot sign up without an invitation."),
    )
    sign_up_url = PageField(
        label=_("Sign-up URL"), help_text=_("Empty: the page that Ollio hosts.")
    )
    sign_in_url = PageField(
        label=_("Sign-in URL"), help_text=_("Empty: the page that Ollio hosts.")
    )
    redirect_origins = forms.CharField(
        label=_("Redirect origins"),
        required=False,
        help_text=_(
            "One a line, such as https://app.example.com. Invitations may lead there and nowhere else."
        ),
        widget=forms.Textarea(attrs={"rows": 3, **_PLAIN}),
    )

    @classmethod
    def of(cls, application: Application) -> "SettingsForm":
        values = {name: getattr(application, name) for name in cls.base_fields}
        return cls(initial=values | {"redirect_origins": "\n".join(application.redirect_origins)})

    def clean_redirect_origins(self) -> list[str]:
        """In their normal form, each once, in the order given."""
        try:
            return clean_origins(self.cleaned_data["redirect_origins"].split())
        except InvalidTarget as error:
            raise ValidationError(str(error), code="invalid") from error


class ModeForm(forms.Form):
    sign_up_mode = forms.ChoiceField(
        label=_("Sign-up mode"),
        choices=[mode for mode in SignUpMode.choices if mode[0] in get_args(BuiltMode)],
        widget=forms.RadioSelect,
    )
