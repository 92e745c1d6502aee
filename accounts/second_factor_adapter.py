"""The second of two adapters. allauth's way to keep a secret of a second factor sealed is one; so it has no other
reason than that, and the words of the second factors' pages.
"""

import base64
import logging
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from config.crypto import Unreadable, seal, unseal

_logger = logging.getLogger(__name__)
_SECRET_BYTES = 20  # of an authenticator app's secret, as RFC 4226 has it


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Check it, or wait for the next one."),
        "unreadable": _(
            "Your second factor cannot be read any more: this installation has another secret key. "
            "Use a passkey, or ask an admin to reset your second factor."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under a key that is gone is read as a secret that nobody knows: then no code is right,
        and no page breaks.
        """
        try:
            return unseal(encrypted_text)
        except Unreadable:
            _logger.warning("A second factor was sealed under a SECRET_KEY that is gone")
            return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
