import re
import secrets
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField
from accounts.models import Scope

MAX_DAYS = 3650
_ON_A_DAY = "date"
_TOKEN = re.compile(r"[\w-]{20,64}", re.ASCII)


class KeyForm(forms.Form):
    """A secret key's name and scope."""

    name = NameField(
        label=_("Name"),
        help_text=_("Which program uses it, such as Back office."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    scope = forms.ChoiceField(label=_("May do"), choices=Scope, initial=Scope.ALL)


class NewKeyForm(KeyForm):
    """On the page: with a day on which the key ends, and a token by which the form acts once."""

    expires = forms.ChoiceField(
        label=_("Expires"),
        choices=[
            ("", _("Never")),
            ("30", _("In 30 days")),
            ("90", _("In 90 days")),
            ("365", _("In a year")),
            (_ON_A_DAY, _("On a day")),
        ],
        required=False,
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give a date like 2030-12-31.")},
    )
    once = forms.CharField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """`today` is the operator's: their calendar decides what "past" is."""
        super().__init__(*args, **kwargs)
        self.today = today
        dates = {"type": "date", "min": today + timedelta(days=1)}
        self.fields["expires_on"].widget = forms.DateInput(attrs=dates, format="%Y-%m-%d")

    @property
    def token(self) -> str:
        """What the form says as `once`; a new one where nothing good was said."""
        said = self.data.get("once", "")
        return said if _TOKEN.fullmatch(said) else secrets.token_urlsafe(32)

    @property
    def terms(self) -> dict[str, Any]:
        """The arguments of `issue_once`."""
        return {
            "form": self.cleaned_data["once"],
            "name": self.cleaned_data["name"],
            "scope": self.cleaned_data["scope"],
            "expires_in_days": self._days(),
        }

    def clean(self) -> None:
        if not _TOKEN.fullmatch(self.cleaned_data.get("once", "")):
            self.add_error(None, _("The form did not arrive whole. Send it again."))
        expires_on = self.cleaned_data.get("expires_on")
        if self.cleaned_data.get("expires") != _ON_A_DAY or "expires_on" in self.errors:
            return
        days = self._days()
        if expires_on is None or days is None or days < 1:
            self.add_error("expires_on", _("Choose a day after today."))
        elif days > MAX_DAYS:
            self.add_error("expires_on", _("Choose a day within ten years."))

    def _days(self) -> int | None:
        """Days of 24 hours, as for invitations."""
        expires, expires_on = self.cleaned_data["expires"], self.cleaned_data.get("expires_on")
        if expires == _ON_A_DAY:
            return (expires_on - self.today).days if expires_on else None
        return int(expires) if expires else None
