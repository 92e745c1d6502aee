import functools
import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models.application import Application
from config.database import ByteField, DatabaseNow
from config.ids import new_id

CODE_DIGITS = 6
TEST_CODE = "424242"  # of the contract (6.3)
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=30)
ABANDONED_AFTER = timedelta(hours=24)


class SignUpClosed(Exception):
    """Why a code does not finish the sign-up: wrong, expired, too_many_tries, too_soon or done."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def unfinished(self) -> "SignUpQuerySet":
        return self.filter(completed_at=None, created_at__gt=DatabaseNow() - ABANDONED_AFTER)

    def forget_abandoned(self) -> None:
        """Addresses and password hashes of people who never came back are nobody's to keep."""
        self.filter(created_at__lte=DatabaseNow() - ABANDONED_AFTER).delete()


class SignUp(models.Model):
    """A sign-up that waits for its mailed code. It is not a user: the address is not proved yet.

    `password` is hashed. `ticket` is set where a link of channel `shared` began it.
    """

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "sua"))
    email_address = ByteField(max_length=254)
    email_key = ByteField(max_length=254, db_index=True)
    password = models.CharField(max_length=128)
    first_name = models.CharField(max_length=64, blank=True)
    last_name = models.CharField(max_length=64, blank=True)
    ticket = models.ForeignKey(
        "invitations.Ticket", null=True, on_delete=models.CASCADE, related_name="+"
    )
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    completed_at = models.DateTimeField(null=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="sign_up_tries_end", condition=models.Q(tries__lte=CODE_TRIES)
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.email_address}"

    def new_code(self) -> str:
        """Six fresh digits to mail; the old ones are dead. Raises SignUpClosed("too_soon") within 30 s."""
        is_test = Application.objects.is_test_address(self.email_key)
        code = TEST_CODE if is_test else f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        rested = models.Q(code_sent_at=None) | models.Q(
            code_sent_at__lte=DatabaseNow() - CODE_PAUSE
        )
        changed = self._change(
            rested, code_hash=self._hash(code), code_sent_at=DatabaseNow(), tries=0
        )
        if not changed:
            raise SignUpClosed(reason="too_soon")
        return code

    def check_pause(self) -> None:
        """Raises SignUpClosed("too_soon") where a code left within the last 30 seconds."""
        recent = DatabaseNow() - CODE_PAUSE
        if SignUp.objects.filter(pk=self.pk, code_sent_at__gt=recent).exists():
            raise SignUpClosed(reason="too_soon")

    def check_code(self, code: str) -> None:
        """Count a try, then judge it: parallel guesses cannot share one. Raises SignUpClosed."""
        fresh = models.Q(code_sent_at__gt=DatabaseNow() - CODE_LIFETIME)
        counted = self._change(fresh & models.Q(tries__lt=CODE_TRIES), tries=models.F("tries") + 1)
        stored = SignUp.objects.filter(pk=self.pk).first()
        if stored is None or stored.completed_at:  # gone: the invited person was quicker
            raise SignUpClosed(reason="done")
        if not counted:
            raise SignUpClosed(reason=stored.exhausted or "expired")
        if not constant_time_compare(stored.code_hash, self._hash(code)):
            raise SignUpClosed(reason=stored.exhausted or "wrong")

    @property
    def exhausted(self) -> str:
        """The reason why no further code is looked at, if there is one."""
        return "too_many_tries" if self.tries >= CODE_TRIES else ""

    def complete(self, *, code: str) -> None:
        """Spend the code in the caller's transaction; of two at once one raises SignUpClosed("done")."""
        if not self._change(
            models.Q(code_hash=self._hash(code)), completed_at=DatabaseNow(), code_hash=""
        ):
            raise SignUpClosed(reason="done")

    def _change(self, condition: models.Q, **values: Any) -> int:
        return SignUp.objects.unfinished().filter(condition, pk=self.pk).update(**values)

    def _hash(self, code: str) -> str:
        # Keyed, because six digits could be guessed from a plain hash in a stolen database.
        return salted_hmac(
            "ollio.sign_up.code", f"{self.pk}:{code}", algorithm="sha256"
        ).hexdigest()
