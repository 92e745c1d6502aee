from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import AddressField
from accounts.models import User

_ROLES = [("operator", _("Operator")), ("admin", _("Admin"))]


class OperatorForm(forms.Form):
    """Somebody with an account, and what they are to be; cleaned, `user` is who."""

    email_address = AddressField(help_text=_("They must have an account already."))
    role = forms.ChoiceField(
        label=_("Role"), choices=_ROLES, initial="operator", widget=forms.RadioSelect
    )

    user: User

    def clean_email_address(self) -> str:
        address = self.cleaned_data["email_address"]
        user = User.objects.filter(email_key=address, is_active=True).first()
        if not user:
            raise ValidationError(_("Nobody has an account with this address. Invite them first."))
        self.user = user
        return address


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[*_ROLES, ("user", _("Neither"))],
        widget=forms.RadioSelect,
    )
