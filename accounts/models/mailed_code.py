"""Six digits that went to a mailbox, and whoever types them reads it: for sign-ups, sign-ins and changes of address
alike.
"""

import secrets
import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models.application import Application
from config import audit
from config.database import DatabaseNow

CODE_DIGITS = 6
TEST_CODE = "424242"  # Clerk's, which test suites know
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=30)
ATTEMPTS_KEPT = 5  # of a kind in one browser; whoever begins more has forgotten the oldest

_PADDING = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}  # spaces, controls, unseen characters, hyphens
# Characters that a field for a code takes: six digits may come with much around them.
TYPED_LENGTH = 48


def as_digits(typed: str) -> str:
    """A code as it was mailed, in the digits of any script: spaces and hyphens are how people read digits aloud, and
    unseen characters come along when text is copied.
    """
    kept = (each for each in typed if unicodedata.category(each) not in _PADDING)
    return "".join(str(unicodedata.decimal(each, each)) for each in kept)


class Purpose(StrEnum):
    """What a code is for, which whoever gets it must know."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    ADDRESS = "address"


class CodeRefused(Exception):
    """Why a code proves nothing: wrong, expired, too_many_tries, too_soon or done."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AttemptQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        begun = DatabaseNow() - self._lifetime
        return self.filter(completed_at=None, created_at__gt=begun)

    def forget_abandoned(self) -> None:
        """Addresses and password hashes of people who never came back are nobody's to keep."""
        self.filter(created_at__lte=DatabaseNow() - self._lifetime).delete()

    @property
    def _lifetime(self) -> timedelta:
        return self.model.ABANDONED_AFTER  # type: ignore[attr-defined]


class MailedCode(models.Model):
    """A part of SignUp, SignIn and AddressChange: an attempt that a browser makes in steps, one of which is a mailed
    code.
    """

    ABANDONED_AFTER: timedelta
    email_key: str

    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    completed_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()

    def new_code(self, **values: Any) -> str:
        """Six fresh digits to mail, and `values` written along; the old ones are dead, in the caller's transaction.

        Raises CodeRefused: "too_soon" within 30 s, or "done".
        """
        is_test = Application.objects.is_test_address(self.email_key)
        code = TEST_CODE if is_test else f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        rested = models.Q(code_sent_at=None) | models.Q(
            code_sent_at__lte=DatabaseNow() - CODE_PAUSE
        )
        values |= {"code_hash": self._hash(code), "code_sent_at": DatabaseNow(), "tries": 0}
        if not self._change(rested, **values):
            self.check_pause()
            raise CodeRefused(reason="done")
        self.refresh_from_db()
        return code

    def check_pause(self) -> None:
        """Raises CodeRefused("too_soon") where a code left within the last 30 seconds."""
        recent = DatabaseNow() - CODE_PAUSE
        if self._rows.filter(pk=self.pk, code_sent_at__gt=recent).exists():
            raise CodeRefused(reason="too_soon")

    def check_code(self, code: str) -> None:
        """Count a try, then judge it: parallel guesses cannot share one. Raises CodeRefused.

        It is counted and judged by the code that was read with this row. One that is made meanwhile has its own tries.
        """
        fresh = models.Q(code_sent_at__gt=DatabaseNow() - CODE_LIFETIME, code_hash=self.code_hash)
        counted = self._change(fresh & models.Q(tries__lt=CODE_TRIES), tries=models.F("tries") + 1)
        stored = self._rows.filter(pk=self.pk).first()
        if stored is None or stored.completed_at:  # gone: the invited person was quicker
            raise CodeRefused(reason="done")
        if not counted:
            is_replaced = stored.code_hash != self.code_hash
            raise CodeRefused(reason="wrong" if is_replaced else stored.exhausted or "expired")
        if not constant_time_compare(self.code_hash, self._hash(code)):
            known = getattr(self, "user_id", None) or ""
            audit.trace("wrong_code", subject=known, address=self.email_key)
            raise CodeRefused(reason=stored.exhausted or "wrong")

    @property
    def exhausted(self) -> str:
        """The reason why no further code is looked at, if there is one."""
        return "too_many_tries" if self.tries >= CODE_TRIES else ""

    def spend(self, *, code: str, **values: Any) -> None:
        """Spend the code and write what it proves, in the caller's transaction; of two at once one raises
        CodeRefused("done").
        """
        self._settle(models.Q(code_hash=self._hash(code)), code_hash="", **values)

    def change(self, **values: Any) -> None:
        """Raises CodeRefused("done") where it is finished or abandoned by now, or about somebody else."""
        self._settle(models.Q(), **values)

    def complete(self, **values: Any) -> None:
        """It led to its end; of two at once one raises CodeRefused("done")."""
        self._settle(models.Q(), completed_at=DatabaseNow(), code_hash="", **values)

    @property
    def _as_read(self) -> models.Q:
        """Holds unless another request of the same browser has changed whose address this is about."""
        return models.Q(email_key=self.email_key)

    def _settle(self, condition: models.Q, **values: Any) -> None:
        """Whoever is quicker with the address may discard the row at any moment, even just after it was written."""
        if not self._change(condition, **values):
            raise CodeRefused(reason="done")
        try:
            self.refresh_from_db()
        except ObjectDoesNotExist as gone:
            raise CodeRefused(reason="done") from gone

    def _change(self, condition: models.Q, **values: Any) -> int:
        rows = self._rows.unfinished().filter(condition, self._as_read, pk=self.pk)
        return rows.update(**values)

    @property
    def _rows(self) -> AttemptQuerySet:
        return type(self)._default_manager.all()

    def _hash(self, code: str) -> str:
        # Keyed, because six digits could be guessed from a plain hash in a stolen database.
        return salted_hmac("ollio.mailed_code", f"{self.pk}:{code}", algorithm="sha256").hexdigest()
