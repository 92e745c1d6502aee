"""The second factors of an account, whose rows are allauth's."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.models.upkeep import hold
from config import audit
from config.audit import Actor


class SecondFactor(models.Model):
    """A part of User."""

    class Meta:
        abstract = True

    @property
    def has_second_factor(self) -> bool:
        """A passkey is one even where it signs in alone: the device has asked for a finger, a face or a PIN then.
        Recovery codes are none: they stand in for one.
        """
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return Authenticator.objects.filter(user=self.pk, type__in=kinds).exists()

    def remove_second_factors(self, *, by: Actor | None) -> bool:
        """All of them, for somebody who has lost theirs; every browser is signed out. False where there was none.

        Admins do it for others, never for themselves: a stolen session must not do without the factor.
        """
        with transaction.atomic():
            hold(self, by=by, right="admin")
            if by is not None and by.id == self.pk:
                raise PermissionDenied("Nobody resets their own second factor.")
            removed, _kinds = Authenticator.objects.filter(user=self.pk).delete()
            if removed:
                self.end_sessions()  # type: ignore[attr-defined]
                audit.record("second_factor_reset", subject=self.pk, by=by)
        return bool(removed)

    def end_other_sessions(self, *, keep: str) -> None:
        """Sign every browser out but the one whose session has this key."""
        others = self.usersession_set.exclude(session_key=keep)  # type: ignore[attr-defined]
        Session.objects.filter(session_key__in=others.values("session_key")).delete()
        others.delete()
