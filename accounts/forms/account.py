from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField
from accounts.models import User


class AccountForm(forms.ModelForm):
    """What people may change about themselves at once; an address needs a code first."""

    first_name = NameField(
        label=_("First name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        label=_("Last name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def save(self, commit: bool = True) -> Any:
        """Only the name is written: the rest of the row may have changed since it was read."""
        self.instance.rename(**self.cleaned_data)
        return self.instance
