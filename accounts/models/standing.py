"""Whether an account may be used to sign in: banned for good, or locked for a while."""

import math
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from accounts.models.sign_in import SignIn
from accounts.models.upkeep import hold, write
from config import audit
from config.audit import Actor
from config.database import DatabaseNow, now

LOCKOUT = timedelta(hours=1)


class Standing(models.Model):
    """A part of User. All four verbs may be repeated; only what changes something is an event."""

    banned_at = models.DateTimeField(null=True)
    # What Django and allauth ask before anybody signs in, and at each request of a session.
    is_active = models.GeneratedField(
        expression=models.Case(models.When(banned_at=None, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    locked_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)  # null while locked: until somebody unlocks

    class Meta:
        abstract = True

    @property
    def is_locked(self) -> bool:
        """By the database's clock."""
        if self.locked_at is None:
            return False
        return self.locked_until is None or self.locked_until > self._moment

    @property
    def lockout_seconds(self) -> int | None:
        """How long a lock still lasts; nothing where there is none, or where only a hand unlocks it."""
        if self.locked_until is None or not self.is_locked:
            return None
        return math.ceil((self.locked_until - self._moment).total_seconds())

    @property
    def _moment(self) -> datetime:
        """Rows read by `timed()` know the moment; others ask for it."""
        return self.__dict__.get("read_at") or now()

    def ban(self, *, by: Actor | None) -> None:
        """Out of every session at once, and no sign-in until `unban`. Raises LastAdmin."""
        with transaction.atomic():
            hold(self, by=by, leaving=True)
            if write(self, Q(banned_at=None), banned_at=DatabaseNow()):
                audit.record("banned", subject=self.pk, by=by)
            self.end_sessions()
            self.refresh_from_db()

    def unban(self, *, by: Actor | None) -> None:
        with transaction.atomic():
            hold(self, by=by)
            if write(self, Q(banned_at__isnull=False), banned_at=None):
                self.end_sessions()  # one that began in the moment of the ban must not come to life
                audit.record("unbanned", subject=self.pk, by=by)
            self.refresh_from_db()

    def lock(self, *, by: Actor | None) -> None:
        """No new sign-in for LOCKOUT from now; sessions go on. Repeated, the time begins anew, but what is
        locked until somebody unlocks it stays so. Raises LastAdmin.
        """
        with transaction.atomic():
            hold(self, by=by, leaving=True)
            moment = now()
            timed = Q(locked_at=None) | Q(locked_until__isnull=False)
            if write(self, timed, locked_at=moment, locked_until=moment + LOCKOUT):
                audit.record("locked", subject=self.pk, by=by, at=moment)
            self.refresh_from_db()

    def unlock(self, *, by: Actor | None) -> None:
        with transaction.atomic():
            hold(self, by=by)
            if write(self, Q(locked_at__isnull=False), locked_at=None, locked_until=None):
                audit.record("unlocked", subject=self.pk, by=by)
            self.refresh_from_db()

    def end_sessions(self, *, but: str = "") -> int:
        """Sign every browser out, at both doors, but for the one of this id. How many there were."""
        return self.browsers.exclude(pk=but).end()  # type: ignore[attr-defined]

    def sign_out_everywhere(self, *, by: Actor | None) -> None:
        """Every browser at once; the password stays."""
        with transaction.atomic():
            hold(self, by=by)
            self.end_sessions()
            SignIn.objects.unfinished().filter(user=self.pk).delete()  # whoever is about to come in
            audit.record("signed_out_everywhere", subject=self.pk, by=by)
