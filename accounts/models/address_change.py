import functools
from datetime import timedelta

from django.conf import settings
from django.db import models

from accounts.models.mailed_code import CODE_TRIES, MailedCode
from config.database import ByteField
from config.ids import new_id


class AddressChange(MailedCode):
    """Another address on its way to become the first one of `user`, once a code has proved it."""

    ABANDONED_AFTER = timedelta(hours=1)

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "adc"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    email_address = ByteField(max_length=254)
    email_key = ByteField(max_length=254)

    class Meta(MailedCode.Meta):
        constraints = [
            models.CheckConstraint(
                name="address_change_tries_end", condition=models.Q(tries__lte=CODE_TRIES)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.email_address}"
