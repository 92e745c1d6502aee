from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from django import forms


class NewCodesForm(GenerateRecoveryCodesForm):
    """Says which codes the new ones replace, so that a form sent twice makes no second ones: the first answer
    alone showed the codes that work.
    """

    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["replaces"] = self.current()

    def current(self) -> str:
        """Names the codes of now; empty where there are none."""
        rows = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.RECOVERY_CODES)
        return "".join(str(row.pk) for row in rows)

    def is_current(self) -> bool:
        return self.cleaned_data["replaces"] == self.current()


class ShownCodesForm(forms.Form):
    """The codes that a page has just shown, to be kept as a file."""

    codes = forms.RegexField(r"\A[0-9]{8}( [0-9]{8})*\Z", max_length=200)
