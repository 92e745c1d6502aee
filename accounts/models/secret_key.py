import functools
import hmac
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.application import Application
from config import audit
from config.audit import Actor
from config.crypto import digest
from config.database import ByteField, DatabaseNow
from config.ids import new_id
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models.user import User

_TOUCH_EVERY = timedelta(minutes=1)


# Who makes keys, operators and the like is always a person.
_RIGHTS = {
    Right.INVITE,
    Right.REVOKE,
    Right.COPY_LINK,
    Right.MANAGE_USERS,
    Right.ERASE_INVITATIONS,
    Right.CONFIGURE,
}
_SETTINGS = ("sign_up_url", "sign_in_url", "redirect_origins")


@functools.cache
def _find() -> str:
    """As SQL, since the ORM would put it together anew for every request of the API. With the key come the
    settings that calls ask for most, so that they need no query of their own.
    """
    key, application = SecretKey._meta, Application._meta
    columns = [f"{key.db_table}.{field.column}" for field in key.concrete_fields]
    columns += [f"{application.db_table}.{name} AS said_{name}" for name in _SETTINGS]
    return (
        f"SELECT {', '.join(columns)} FROM {key.db_table} LEFT JOIN {application.db_table}"  # noqa: S608 our own names
        f" ON {application.db_table}.id = 1 WHERE hash = %s AND revoked_at IS NULL"
    )


class SecretKeyManager(models.Manager["SecretKey"]):
    def issue(self, *, name: str, by: "User | None" = None) -> tuple["SecretKey", str]:
        """A new key and its text, which nobody can ever read again (R-N2)."""
        audit.permit(by, Right.ADMIN)
        prefix = "sk_test_" if settings.DEBUG else "sk_live_"
        raw = prefix + secrets.token_urlsafe(32)
        with transaction.atomic():
            key = self.create(
                name=name, hash=digest(raw), prefix=prefix, last_four=raw[-4:], created_by=by
            )
            audit.record("key_issued", subject=key.id, by=by, name=name)
        key.refresh_from_db()
        return key, raw

    def find(self, raw: str) -> "SecretKey | None":
        """The live key of this text: an index look-up on the hash, then a comparison (R-K3)."""
        hashed = digest(raw)
        key = next(iter(self.raw(_find(), [hashed])), None)
        return key if key and hmac.compare_digest(key.hash, hashed) else None


class SecretKey(models.Model):
    """A back-end program's key to the Backend API."""

    actor_type = "secret_key"

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "key"))
    name = models.CharField(_("name"), max_length=64)
    hash = ByteField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=8)
    last_four = models.CharField(max_length=4)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = SecretKeyManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…{self.last_four})"

    @functools.cached_property
    def application(self) -> Application:
        """The application it is a key of, as it was when `find` found the key."""
        *pages, origins = (getattr(self, f"said_{name}", None) for name in _SETTINGS)
        if origins is None:  # nobody has said anything yet
            return Application()
        return Application.from_db(
            self._state.db, ["id", *_SETTINGS], [1, *pages, json.loads(origins)]
        )

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None

    def may(self, right: Right) -> bool:
        """What is not listed, no key may."""
        return right in _RIGHTS

    def touch(self) -> None:
        """Note the use, at most once a minute: a busy key must not write a row for every request."""
        if self.last_used_at and timezone.now() - self.last_used_at < _TOUCH_EVERY:
            return
        stale = Q(last_used_at=None) | Q(last_used_at__lt=DatabaseNow() - _TOUCH_EVERY)
        SecretKey.objects.filter(stale, pk=self.pk).update(last_used_at=DatabaseNow())

    def revoke(self, *, by: Actor) -> bool:
        """End the key at once; False where it had ended already."""
        audit.permit(by, Right.ADMIN)
        with transaction.atomic():
            ended = SecretKey.objects.filter(pk=self.pk, revoked_at=None).update(
                revoked_at=DatabaseNow()
            )
            if ended:
                audit.record("key_revoked", subject=self.pk, by=by)
        return bool(ended)
