from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.audit_log import Asked
from accounts.audit_words import FAMILIES
from accounts.forms.fields import AddressField

_NO_DATE = _("Give a date like 2030-12-31.")
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # beyond, not every clock can follow


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            validators=[MinValueValidator(_FIRST, _NO_DATE), MaxValueValidator(_LAST, _NO_DATE)],
            error_messages={"invalid": _NO_DATE},
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **options,
        )


class AuditForm(forms.Form):
    """What to show of the audit log. Days are the reader's, in the zone of their clock."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Everything")), *FAMILIES.items()]
    )
    person = AddressField(label=_("Person"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone
        self.fields["person"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose a later one."))
        return said

    @property
    def asked(self) -> Asked:
        said = self.cleaned_data
        since = self._midnight(said["since"]) if said["since"] else None
        until = self._midnight(said["until"] + timedelta(days=1)) if said["until"] else None
        return Asked(family=said["kind"], address=said["person"], since=since, until=until)

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("kind", "person", "since", "until"))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)
