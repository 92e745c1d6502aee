"""What admins may say about the application; every rule is a leaf's."""

from collections.abc import Callable
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField, ApplicationNameField
from accounts.models import Application, SignUpMode
from accounts.models.application import MOST_GRACE_DAYS, BuiltMode
from invitations.origins import InvalidOrigins, clean_callers, clean_origins
from invitations.targets import InvalidTarget, clean_target

_MAX_FAULTS = 5  # told at once; nobody reads a hundred
LEADING = {"home_url", "sign_up_url", "sign_in_url", "redirect_origins", "allowed_origins"}
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


class OriginsField(forms.CharField):
    """Origins, one a line: in their normal form, each once, in the order given."""

    def __init__(
        self, *, clean: Callable[[object], list[str]] = clean_origins, **options: Any
    ) -> None:
        self._clean = clean
        lines = forms.Textarea(attrs={"rows": 3, **_PLAIN})
        super().__init__(required=False, strip=False, widget=lines, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = enumerate(super().clean(value).split("\n"), start=1)
        said = {number: line.strip() for number, line in lines if line.strip()}
        try:
            return self._clean(list(said.values()))
        except InvalidOrigins as wrong:
            faults = {list(said)[place]: fault for place, fault in wrong.faults.items()}
            raise ValidationError([_at(*each) for each in faults.items()][:_MAX_FAULTS]) from wrong
        except InvalidTarget as error:
            raise ValidationError(str(error), code="invalid") from error


def _at(number: int, fault: InvalidTarget) -> ValidationError:
    words = _("Line %(number)s, %(fault)s")
    return ValidationError(words, code="invalid", params={"number": number, "fault": fault})


class SettingsForm(forms.Form):
    name = ApplicationNameField(
        label=_("Application name"), help_text=_("Mails and sign-up pages show it.")
    )
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
    redirect_origins = OriginsField(
        label=_("Redirect origins"),
        help_text=_(
            "One a line, such as https://app.example.com. Invitations lead there, to our pages or to the home URL."
        ),
    )
    allowed_origins = OriginsField(
        clean=clean_callers,
        label=_("Allowed origins"),
        help_text=_(
            "One a line, such as https://app.example.com, or capacitor://localhost of an app. Their pages may sign"
            " people up and in."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def asks_for_proof(self) -> bool:
        """Whether it changes where people are led, or which pages may act for them."""
        return bool(LEADING & self.changes.keys())

    @property
    def changes(self) -> dict[str, Any]:
        """What was changed on this page, which may be older than what another page has saved since."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    @classmethod
    def of(cls, application: Application) -> "SettingsForm":
        return cls(initial={name: getattr(application, name) for name in cls.base_fields})


class ModeForm(forms.Form):
    sign_up_mode = forms.ChoiceField(
        label=_("Sign-up mode"),
        choices=[mode for mode in SignUpMode.choices if mode[0] in get_args(BuiltMode)],
        widget=forms.RadioSelect,
    )


class OperatorsFactorForm(forms.Form):
    is_required = forms.TypedChoiceField(
        label=_("Operators need a second factor"),
        choices=[("off", _("Off")), ("required", _("Required"))],
        coerce=lambda chosen: chosen == "required",
        widget=forms.RadioSelect,
    )
    grace_days = forms.IntegerField(
        label=_("Days to add one"),
        min_value=0,
        max_value=MOST_GRACE_DAYS,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Give a whole number from 0 to 14.")
        ),
        help_text=_(
            "0 to 14. They count from when it is required, for new operators from when they become one."
        ),
    )

    @classmethod
    def of(cls, application: Application) -> "OperatorsFactorForm":
        is_required = application.second_factor_required_at is not None
        chosen = "required" if is_required else "off"
        days = application.second_factor_grace_days
        return cls(initial={"is_required": chosen, "grace_days": days})
