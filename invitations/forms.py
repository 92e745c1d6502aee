"""Dashboard forms for invitations. Other modules hold the rules for addresses, redirect URLs and metadata."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.addresses import NormalisedAddress, normalise_email
from accounts.forms.fields import AddressField
from accounts.forms.metadata import MetadataField
from accounts.models import Application
from config.audit import Actor
from config.paging import PageQuery
from invitations.destination import clean_redirect_url
from invitations.models import InvitationRefused, Status
from invitations.models.creating import DEFAULT_DAYS, MAX_DAYS
from invitations.targets import InvalidTarget

_REFUSALS = {
    "duplicate": _(
        "This address has an open invitation already. Revoke that one first to send another."
    ),
    "address_taken": _("They already have an account, so there is nothing to invite them to."),
}


class ListQuery(PageQuery):
    status = forms.ChoiceField(required=False, choices=Status)


class InviteForm(forms.Form):
    email_address = AddressField()
    expires_on = forms.DateField(
        label=_("Expires"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give a date like 2030-12-31.")},
    )
    redirect_url = forms.CharField(
        label=_("Redirect URL"),
        required=False,
        strip=False,  # the checker validates the URL exactly as typed
        help_text=_("Where the link leads. Leave it empty for the sign-up page."),
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
            # Set here: else the field inherits these from the dialog's form, and the note's element would be replaced.
            | {"hx-swap": "innerHTML", "hx-target": "next .field__note"}
            | {"hx-trigger": "input changed delay:400ms"}
        ),
    )
    public_metadata = MetadataField(
        label=_("Public metadata"),
        help_text=_('A JSON object such as {"role": "editor"}. The user gets it at sign-up.'),
    )

    def __init__(
        self, *args: Any, by: Actor, application: Application, today: date, **kwargs: Any
    ) -> None:
        """`today` is the date in the operator's time zone; "in the past" is decided by it."""
        super().__init__(*args, **kwargs)
        self.by = by
        self.application = application
        self.today = today
        last = today + timedelta(days=MAX_DAYS)
        dates = {"type": "date", "min": today + timedelta(days=1), "max": last}
        self.fields["expires_on"].widget = forms.DateInput(attrs=dates, format="%Y-%m-%d")
        self.fields["email_address"].widget.attrs["autofocus"] = True
        self.fields["redirect_url"].widget.attrs["hx-get"] = reverse("redirect_url_note")

    @property
    def terms(self) -> dict[str, Any]:
        """The arguments for `create_pending`."""
        expires_on = self.cleaned_data["expires_on"]
        return {
            "address": self.cleaned_data["email_address"],
            "expires_in_days": (expires_on - self.today).days if expires_on else DEFAULT_DAYS,
            "redirect_url": self.cleaned_data["redirect_url"],
            "public_metadata": self.cleaned_data["public_metadata"],
        }

    def clean_email_address(self) -> NormalisedAddress:
        return normalise_email(self.cleaned_data["email_address"])

    def clean_expires_on(self) -> date | None:
        expires_on = self.cleaned_data["expires_on"]
        if expires_on and expires_on <= self.today:
            raise ValidationError(_("Choose a day after today."))
        if expires_on and (expires_on - self.today).days > MAX_DAYS:
            raise ValidationError(_("Choose a day within a year from today."))
        return expires_on

    def clean_redirect_url(self) -> str | None:
        text = self.cleaned_data["redirect_url"]
        try:
            return (
                clean_redirect_url(text, by=self.by, application=self.application) if text else None
            )
        except InvalidTarget as error:
            raise ValidationError(str(error)) from error

    def refuse(self, refused: InvitationRefused) -> None:
        self.add_error("email_address", _REFUSALS[refused.reason])
