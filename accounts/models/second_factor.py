"""The second factors of an account, whose rows are allauth's."""

from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.models.application import Application
from accounts.models.upkeep import hold
from config import audit
from config.audit import Actor
from config.database import now
from config.rights import Right

# A passkey is one even where it signs in alone: the device has asked for a finger, a face or a PIN then.
# Recovery codes are none: they stand in for one.
PROTECTING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SECOND_FACTORS = Authenticator.objects.filter(type__in=PROTECTING)


class Due(NamedTuple):
    """When an operator must have a second factor, and whether that time is over."""

    at: datetime
    is_over: bool


class SecondFactor(models.Model):
    """A part of User."""

    class Meta:
        abstract = True

    @property
    def has_second_factor(self) -> bool:
        return SECOND_FACTORS.filter(user=self.pk).exists()

    @property
    def second_factor_due(self) -> Due | None:
        """None for those who have one, and where none is required. The time counts from when it was required, or
        from when they became an operator, whichever was later.
        """
        if not self.is_staff:  # type: ignore[attr-defined]
            return None
        application = Application.objects.current()
        required_at = application.second_factor_required_at
        if required_at is None or self.has_second_factor:
            return None
        begun = max(required_at, self.operator_since or required_at)  # type: ignore[attr-defined]
        ends = begun + timedelta(days=application.second_factor_grace_days)
        return Due(ends, is_over=ends <= now())

    def remove_second_factors(self, *, by: Actor | None) -> bool:
        """All of them, for somebody who has lost theirs; every browser is signed out. False where there was none.

        Admins do it for others, never for themselves: a stolen session must not do without the factor.
        """
        with transaction.atomic():
            hold(self, by=by, right=Right.ADMIN)
            if by is not None and by.id == self.pk:
                raise PermissionDenied("Nobody resets their own second factor.")
            removed, _kinds = Authenticator.objects.filter(user=self.pk).delete()
            if removed:
                self.end_sessions()  # type: ignore[attr-defined]
                audit.record("second_factor_reset", subject=self.pk, by=by)
        return bool(removed)
