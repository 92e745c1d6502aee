"""The second factors of an account, whose rows are allauth's."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import models


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

    def end_other_sessions(self, *, keep: str) -> None:
        """Sign every browser out but the one whose session has this key."""
        others = self.usersession_set.exclude(session_key=keep)  # type: ignore[attr-defined]
        Session.objects.filter(session_key__in=others.values("session_key")).delete()
        others.delete()
