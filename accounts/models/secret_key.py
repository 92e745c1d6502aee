import functools
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.application import Application
from accounts.models.held_secret import HeldSecret
from accounts.models.key_notice import tell_admins
from config import audit
from config.audit import Actor
from config.crypto import digest
from config.database import ByteField, DatabaseNow, now
from config.ids import new_id
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models.user import User

_TOUCH_EVERY = timedelta(minutes=1)


_INVITING = frozenset({Right.INVITE, Right.REVOKE, Right.COPY_LINK, Right.ERASE_INVITATIONS})


class Scope(models.TextChoices):
    ALL = "all", _("Everything that keys can do")
    INVITATIONS = "invitations", _("Invitations only")
    READ_ONLY = "read_only", _("Read only")


# Who makes keys, operators and the like is always a person: no scope has the right to.
_RIGHTS: Mapping[str, Collection[Right]] = {
    Scope.ALL: _INVITING | {Right.MANAGE_USERS, Right.CONFIGURE},
    Scope.INVITATIONS: _INVITING,
    Scope.READ_ONLY: (),
}
# In the order of the model, as from_db wants them.
_SETTINGS = ("home_url", "sign_up_url", "sign_in_url", "redirect_origins")


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
        f" AND (expires_at IS NULL OR expires_at > {_moment()})"
    )


def _moment() -> str:
    """The database's clock, as SQL."""
    compiler = SecretKey.objects.all().query.get_compiler(connection=connection)
    return compiler.compile(DatabaseNow())[0]


class SecretKeyManager(models.Manager["SecretKey"]):
    def issue(
        self,
        *,
        name: str,
        by: "User | None" = None,
        scope: str = Scope.ALL,
        expires_in_days: int | None = None,
        form_hash: str | None = None,
    ) -> tuple["SecretKey", str]:
        """A new key and its text, which nobody can ever read again. Admins are told by mail."""
        audit.permit(by, Right.ADMIN)
        prefix = "sk_test_" if settings.DEBUG else "sk_live_"
        raw = prefix + secrets.token_urlsafe(32)
        key = SecretKey(name=name, hash=digest(raw), prefix=prefix, last_four=raw[-4:])
        key.scope, key.form_hash, key.created_by = scope, form_hash, by
        with transaction.atomic():
            key.created_at = now()
            if expires_in_days is not None:
                key.expires_at = key.created_at + timedelta(days=expires_in_days)
            key.save(force_insert=True)
            audit.record(
                "key_issued",
                subject=key.id,
                by=by,
                name=name,
                scope=scope,
                expires_in_days=expires_in_days,
            )
            tell_admins(key, by=by, at=key.created_at, is_made=True)
        return key, raw

    def issue_once(self, *, form: str, by: "User", session_key: str, **terms: Any) -> "SecretKey":
        """The key that this form makes, however often and however many times at once it is sent. Its text waits
        for the page that shows it to this browser. `form` is the form's own random token.
        """
        form_hash = digest(form)
        try:
            with transaction.atomic():
                key, raw = self.issue(by=by, form_hash=form_hash, **terms)
                HeldSecret.objects.hold(raw, subject=key.pk, user=by, session_key=session_key)
        except IntegrityError:
            return self.get(form_hash=form_hash, created_by=by)
        return key

    def listed(self) -> models.QuerySet["SecretKey"]:
        """With `has_expired`, by the database's clock."""
        has_expired = Q(revoked_at=None, expires_at__lte=DatabaseNow())
        return self.select_related("created_by").annotate(has_expired=has_expired)

    def find(self, raw: str) -> "SecretKey | None":
        """The live key of this text: an index look-up on the hash, then a comparison."""
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
    scope = models.CharField(max_length=16, choices=Scope, default=Scope.ALL)
    # Of the token of the form that made it: a form that is sent again makes no second key.
    form_hash = ByteField(max_length=64, null=True, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = SecretKeyManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="key_scope_known", condition=Q(scope__in=Scope.values))
        ]

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

    def may(self, right: Right) -> bool:
        """By what its scope lists; what no scope lists, no key may."""
        return right in _RIGHTS.get(self.scope, ())

    def touch(self) -> None:
        """Note the use, at most once a minute: a busy key must not write a row for every request."""
        if self.last_used_at and timezone.now() - self.last_used_at < _TOUCH_EVERY:
            return
        stale = Q(last_used_at=None) | Q(last_used_at__lt=DatabaseNow() - _TOUCH_EVERY)
        SecretKey.objects.filter(stale, pk=self.pk).update(last_used_at=DatabaseNow())

    def revoke(self, *, by: Actor | None) -> bool:
        """End the key at once; False where it had ended already."""
        audit.permit(by, Right.ADMIN)
        with transaction.atomic():
            moment = now()
            ended = SecretKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=moment)
            if ended:
                audit.record("key_revoked", subject=self.pk, by=by, at=moment)
                tell_admins(self, by=by, at=moment, is_made=False)
        return bool(ended)
