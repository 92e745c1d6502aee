import functools
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models.mailed_code import CODE_TRIES, MailedCode
from config.database import ByteField, DatabaseNow
from config.ids import new_id


class FirstFactor(models.TextChoices):
    PASSWORD = "password"  # noqa: S105 the name of a strategy
    EMAIL_CODE = "email_code"
    RESET = "reset_password_email_code"


class SignIn(MailedCode):
    """A sign-in on its way: each one of the Frontend API; of the hosted pages those that begin with a mailed code.

    `user` is empty where nobody has the address, of which no answer may tell. `ticket` is what a finished
    sign-in accepts. `proved_hash` is what stands for the password that they had when they proved who they are.
    """

    ABANDONED_AFTER = timedelta(hours=1)

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "sia"))
    email_address = ByteField(max_length=254)
    email_key = ByteField(max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    ticket = models.ForeignKey(
        "invitations.Ticket", null=True, on_delete=models.CASCADE, related_name="+"
    )
    code_for = models.CharField(max_length=32, blank=True, choices=FirstFactor)
    proved_by = models.CharField(max_length=32, blank=True, choices=FirstFactor)
    proved_at = models.DateTimeField(null=True)
    proved_hash = models.CharField(max_length=128, blank=True)
    password_reset_at = models.DateTimeField(null=True)

    class Meta(MailedCode.Meta):
        constraints = [
            models.CheckConstraint(
                name="sign_in_tries_end", condition=models.Q(tries__lte=CODE_TRIES)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.email_address}"

    @property
    def status(self) -> str:
        """Where it stands, in Clerk's words."""
        if self.completed_at:
            return "complete"
        if not self.proved_at:
            return "needs_first_factor"
        if self.proved_by == FirstFactor.RESET and not self.password_reset_at:
            return "needs_new_password"
        return "needs_second_factor"

    def note_reset(self, *, proved_hash: str) -> None:
        """A new password was chosen, once. Raises CodeRefused("done")."""
        waiting = models.Q(proved_by=FirstFactor.RESET, password_reset_at=None)
        self._settle(waiting, password_reset_at=DatabaseNow(), proved_hash=proved_hash)

    def complete(self, **values: Any) -> None:
        super().complete(proved_hash="", **values)
