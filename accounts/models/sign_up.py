import functools
from datetime import timedelta

from django.db import models

from accounts.models.mailed_code import CODE_TRIES, MailedCode
from config.database import ByteField
from config.ids import new_id


class SignUp(MailedCode):
    """A sign-up on its way. It is not a user: something is missing, or the address is not proved yet.

    The hosted page begins one complete, and only the code is missing; through the Frontend API it is put
    together in steps. `password` is hashed. `ticket` is what began it, and its invitation's address stays.
    """

    ABANDONED_AFTER = timedelta(hours=24)

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "sua"))
    email_address = ByteField(max_length=254, blank=True)
    email_key = ByteField(max_length=254, blank=True, db_index=True)
    password = models.CharField(max_length=128, blank=True)
    first_name = models.CharField(max_length=64, blank=True)
    last_name = models.CharField(max_length=64, blank=True)
    unsafe_metadata = models.JSONField(default=dict)
    ticket = models.ForeignKey(
        "invitations.Ticket", null=True, on_delete=models.CASCADE, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)  # the code was right, and something else missing

    class Meta(MailedCode.Meta):
        constraints = [
            models.CheckConstraint(
                name="sign_up_tries_end", condition=models.Q(tries__lte=CODE_TRIES)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.email_address}"

    @property
    def is_proved(self) -> bool:
        """Whether whoever makes it has shown that the address is theirs."""
        by_ticket = self.ticket is not None and self.ticket.proves_address
        return by_ticket or self.verified_at is not None

    @property
    def _as_read(self) -> models.Q:
        return super()._as_read & models.Q(verified_at__isnull=self.verified_at is None)

    @property
    def missing_fields(self) -> list[str]:
        return [name for name in ("email_address", "password") if not getattr(self, name)]
