"""The browsers that Ollio knows: by a secret, which an application's pages send along, and by the session of our own
pages.
"""

import functools
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models

from config.crypto import digest
from config.database import ByteField, DatabaseNow
from config.ids import new_id

ANONYMOUS_LIFE = timedelta(hours=24)  # after the last step of what was begun
TOUCH_EVERY = timedelta(minutes=1)


class BrowserQuerySet(models.QuerySet["Browser"]):
    def with_user(self) -> "BrowserQuerySet":
        """With who is signed in, and the moment of reading by the database's clock."""
        return self.select_related("user").annotate(read_at=DatabaseNow())

    def end(self) -> int:
        """Sign all of them out, at both doors. How many there were."""
        pages = list(self.exclude(page_key=None).values_list("page_key", flat=True))
        ended, _by_model = self.delete()
        Session.objects.filter(session_key__in=pages).delete()
        return ended

    def forget_past(self) -> None:
        moment = DatabaseNow()
        idle = models.Q(user=None, last_active_at__lte=moment - ANONYMOUS_LIFE)
        self.filter(idle | models.Q(signed_in_at__lte=moment - settings.SESSION_LIFE)).end()


class BrowserManager(models.Manager.from_queryset(BrowserQuerySet)):  # type: ignore[misc]
    def begin(self, **values: Any) -> tuple["Browser", str]:
        """A new browser and its secret, which is stored hashed only."""
        key = _new_key()
        browser = self.create(key_hash=digest(key), **values)
        browser.read_at = browser.last_active_at
        return browser, key

    def find(self, key: str) -> "Browser | None":
        """The browser of this secret, unless nothing was heard of it for too long."""
        found = self.with_user().filter(key_hash=digest(key)).first()
        return found if found and not found.is_past else None


class Browser(models.Model):
    """What a browser has begun, and who is signed in in it.

    Anonymous ones have begun a sign-up or a sign-in through the Frontend API. A sign-in there gives the browser a
    session for the application. A sign-in on a hosted page gives it two: the page's own, which is Django's, and
    the application's. This row joins them, so that they end together.
    """

    id = ByteField(max_length=34, primary_key=True, default=functools.partial(new_id, "client"))
    key_hash = ByteField(max_length=64, unique=True)
    # The ids of sign-ups and of sign-ins, newest last, each with the id of its ticket. Lists, since PostgreSQL keeps
    # no order of keys.
    begun = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    last_active_at = models.DateTimeField(db_default=DatabaseNow())

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browsers"
    )
    session_id = ByteField(max_length=32, null=True, unique=True)
    signed_in_at = models.DateTimeField(null=True)
    second_factor_at = models.DateTimeField(null=True)
    # Of the password that was proved: the session ends with it.
    auth_hash = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    # Of the page that changed something last, if it was welcome. It tells for whom a token is where nobody says so.
    origin = models.TextField(blank=True, default="", db_default="")
    # Of the session of our own pages, if there is one.
    page_key = ByteField(max_length=40, null=True)
    page_seen_at = models.DateTimeField(null=True)

    objects = BrowserManager()

    read_at: datetime  # of rows read by `with_user`

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["last_active_at"], name="browser_last_active"),
            models.Index(fields=["signed_in_at"], name="browser_signed_in"),
        ]
        constraints = [
            models.CheckConstraint(
                name="browser_session_whole",
                condition=models.Q(user=None, session_id=None, signed_in_at=None)
                | models.Q(
                    user__isnull=False, session_id__isnull=False, signed_in_at__isnull=False
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} of {self.user_id or 'nobody'}"

    @property
    def ends_at(self) -> datetime:
        """When the session ends, used or not; of a browser in which somebody is signed in."""
        assert self.signed_in_at
        return self.signed_in_at + settings.SESSION_LIFE

    @property
    def is_past(self) -> bool:
        if self.signed_in_at:
            return self.ends_at <= self.read_at
        return self.last_active_at + ANONYMOUS_LIFE <= self.read_at

    def renew(self, **values: Any) -> str | None:
        """A new secret, with `values` written along. The former one opens nothing any more.

        Of requests that come with one secret at the same time, one wins; the others get None.
        """
        key = _new_key()
        values |= {"key_hash": digest(key)}
        return key if self._write(last_active_at=DatabaseNow(), **values) else None

    def note_begun(self, begun: dict[str, list]) -> None:
        """Without a new secret; left out where another request has renewed it meanwhile."""
        self._write(begun=begun)

    def touch(self, *, by_page: bool) -> None:
        """Note that it was used, at most once a minute."""
        names = ["last_active_at", *(["page_seen_at"] if by_page else [])]
        if any(self.read_at - getattr(self, name) >= TOUCH_EVERY for name in names):
            Browser.objects.filter(pk=self.pk).update(**dict.fromkeys(names, DatabaseNow()))

    def note_origin(self, origin: str) -> None:
        """Keep whose page has just changed something."""
        if origin and origin != self.origin:
            self.origin = origin
            Browser.objects.filter(pk=self.pk).update(origin=origin)

    def _write(self, **values: Any) -> bool:
        as_read = Browser.objects.filter(pk=self.pk, key_hash=self.key_hash)
        if not as_read.update(**values):
            return False
        moments = [name for name, value in values.items() if isinstance(value, DatabaseNow)]
        for name in values.keys() - moments:
            setattr(self, name, values[name])
        if "signed_in_at" in moments:
            self.refresh_from_db(fields=moments)
        return True


def _new_key() -> str:
    return secrets.token_urlsafe(32)
