from math import ceil

from allauth.core import context
from django import forms
from django.utils.translation import ngettext

from accounts import guesses
from config.limits import LimitExceeded
from config.responses import WORDED_LIMIT


class Patient(forms.Form):
    """Asks for a password. Too many wrong ones are told in the form, and answered with 429 (config/faults.py)."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except LimitExceeded as error:
            if error.name not in guesses.LIMITS:
                raise
            self.add_error(None, _words(error))
            context.request.META[WORDED_LIMIT] = error


def _words(error: LimitExceeded) -> str:
    minutes = ceil(error.retry_after / 60)
    words = ngettext(
        "That was too often: too many wrong passwords. Wait a minute; or use a code from your e-mail or a passkey, "
        "which work at once.",
        "That was too often: too many wrong passwords. Wait %(minutes)d minutes; or use a code from your e-mail or "
        "a passkey, which work at once.",
        minutes,
    )
    return words % {"minutes": minutes}
