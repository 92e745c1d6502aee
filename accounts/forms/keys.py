from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.addresses import has_hidden_characters
from accounts.forms.fields import MAX_NAME


class KeyForm(forms.Form):
    """A secret key's name. Only operators read it and no mail carries it, so it may look like a host."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        error_messages={"required": _("Give a name.")},
        help_text=_("Which program uses it, such as Back office."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if has_hidden_characters(name):
            raise ValidationError(_("Use visible characters on one line."), code="invalid")
        return name
