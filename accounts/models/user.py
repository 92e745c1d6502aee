import functools
from contextlib import suppress
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.address_book import AddressBook, NotTheirAddress
from accounts.models.held_metadata import HeldMetadata
from accounts.models.role import OPERATOR_PERMISSIONS, Role
from accounts.models.second_factor import SecondFactor
from accounts.models.standing import LOCKOUT, Standing
from accounts.models.upkeep import LastAdmin, hold, write
from accounts.models.user_manager import Grant, IdentifierTaken, UserManager
from accounts.passwords import PasswordsBusy, compare
from config import audit, counters
from config.audit import Actor
from config.database import ByteField, DatabaseNow
from config.ids import new_id
from config.rights import Right

__all__ = [
    "LOCKOUT",
    "Grant",
    "IdentifierTaken",
    "LastAdmin",
    "NotTheirAddress",
    "StalePassword",
    "User",
]

_NAMES = {"first_name", "last_name"}
_TRACED = {"password": "password_changed", "email_address": "address_changed"}
_CHANGEABLE = _NAMES | {
    "username",
    "external_id",
    "locale",
    "created_at",
    "legal_accepted_at",
    "delete_self_enabled",
    "password_hash",
    "primary_email_address_id",
}


_FOR_ADMINS = {Right.ADMIN, Right.CONFIGURE, Right.ERASE_INVITATIONS}
_BY_PERMISSION = {right: f"invitations.{right}" for right in OPERATOR_PERMISSIONS}


class StalePassword(Exception):
    """Somebody else has changed the password meanwhile, or the user is no more."""


class User(
    AddressBook, HeldMetadata, Standing, Role, SecondFactor, AbstractBaseUser, PermissionsMixin
):
    """Somebody with an account, and so with a proved address: there is no unverified user."""

    USERNAME_FIELD = EMAIL_FIELD = "email_address"
    REQUIRED_FIELDS = []
    id = ByteField(max_length=32, primary_key=True, default=functools.partial(new_id, "user"))
    first_name = models.CharField(_("first name"), max_length=64, blank=True)
    last_name = models.CharField(_("last name"), max_length=64, blank=True)
    # A handle that the application gives; nobody signs in by it.
    username = ByteField(_("username"), max_length=64, null=True, unique=True)
    external_id = ByteField(max_length=256, null=True, unique=True)
    locale = models.CharField(max_length=35, blank=True)
    signup_grant = models.CharField(max_length=16, choices=Grant)
    signup_invitation = models.OneToOneField(
        "invitations.Invitation",
        null=True,
        on_delete=models.SET_NULL,
        related_name="signed_up_user",
    )
    last_active_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    legal_accepted_at = models.DateTimeField(null=True)
    delete_self_enabled = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    updated_at = models.DateTimeField(db_default=DatabaseNow())

    objects = UserManager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["created_at", "id"], name="user_newest")]
        constraints = [
            models.CheckConstraint(
                name="user_grant_known", condition=models.Q(signup_grant__in=Grant.values)
            ),
            models.CheckConstraint(
                name="user_locked_first",
                condition=models.Q(locked_until=None) | models.Q(locked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="user_invitation_needs_grant",
                condition=models.Q(signup_invitation=None)
                | models.Q(signup_grant=Grant.INVITATION),
            ),
        ]

    def __str__(self) -> str:
        return self.email_address

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def actor_type(self) -> str:
        return "operator" if self.is_staff else "user"

    @property
    def label(self) -> str:
        return self.name or self.email_address

    def may(self, right: Right) -> bool:
        """What stands in neither list nobody may, an admin neither. Django lets admins do all that is permitted."""
        if right in _FOR_ADMINS:
            return self.is_active and self.is_superuser
        return right in _BY_PERMISSION and self.is_staff and self.has_perm(_BY_PERMISSION[right])

    def rename(self, *, first_name: str, last_name: str) -> None:
        """As people do for themselves."""
        write(self, first_name=first_name, last_name=last_name)
        self.refresh_from_db()

    def change(self, *, by: Actor | None, **values: Any) -> None:
        """Store what differs; one event names the fields. A new password ends all sessions.

        Who manages users may name operators too; all else about them is the admins' to change. Raises
        IdentifierTaken or NotTheirAddress, and nothing has changed.
        """
        unknown = values.keys() - _CHANGEABLE
        if unknown:
            raise TypeError(f"change never sets {', '.join(sorted(unknown))}")
        right = None if values.keys() - _NAMES else Right.MANAGE_USERS
        with transaction.atomic():
            row = hold(self, by=by, right=right)
            new = self._new_password(values) | self._new_first_address(values)
            new |= {name: value for name, value in values.items() if getattr(row, name) != value}
            if new:
                self._write(new)
                audit.record("changed", subject=self.pk, by=by, fields=sorted(new))
                for kind in [_TRACED[name] for name in new if name in _TRACED]:
                    audit.trace(kind, subject=self.pk, by=by)
            self.refresh_from_db()

    def change_password(self, *, password_hash: str) -> None:
        """As people do for themselves. Their other sessions end with the old password.

        Raises StalePassword where that is not the one that was read, and proved, any more.
        """
        as_read = models.Q(password=self.password)
        with transaction.atomic():
            if not write(self, as_read, password=password_hash, password_changed_at=DatabaseNow()):
                raise StalePassword
            self._forget_devices()
        # Not read again: the session that goes on is bound to this one, whatever came after it.
        self.password = password_hash

    def check_password(self, raw_password: str | None) -> bool:
        """A right password of an older kind is hashed anew. Raises PasswordsBusy."""
        found = compare(raw_password, encoded=self.password)
        if raw_password and found.is_right and found.is_stale:
            with suppress(PasswordsBusy):  # the next sign-in does it
                self._hash_anew(raw_password)
        return found.is_right

    def note_sign_in(self) -> None:
        """On the database's clock. Sign-ins alone count as activity: a write a request would cost too much."""
        moment = Now()  # of the statement: one instant for both
        User.objects.filter(pk=self.pk).update(last_login=moment, last_active_at=moment)

    def erase(self, *, by: Actor | None) -> None:
        """Gone for good with addresses, sessions and second factors; invitations stay. Raises LastAdmin."""
        with transaction.atomic():
            # Invitations lose their user, and are locked before users are, here as elsewhere.
            invitations = self.accepted_invitations.order_by("pk").select_for_update()
            list(invitations.values_list("pk"))
            hold(self, by=by, leaving=True)
            self.end_sessions()
            audit.record("erased", subject=self.pk, by=by)
            counters.add("users", -1)
            User.objects.filter(pk=self.pk).delete()

    def _hash_anew(self, password: str) -> None:
        """Unless it was changed while it was being checked."""
        as_read = models.Q(password=self.password)
        hashed = make_password(password)
        if User.objects.filter(as_read, pk=self.pk).update(password=hashed):
            self.password = hashed
            return
        # Another sign-in may have hashed it anew, and the session is bound to what is stored.
        stored = User.objects.filter(pk=self.pk).values_list("password", flat=True).first()
        if stored and compare(password, encoded=stored).is_right:
            self.password = stored

    def _new_password(self, values: dict[str, Any]) -> dict[str, Any]:
        hashed = values.pop("password_hash", None)
        if not hashed:
            return {}
        self.end_sessions()
        self._forget_devices()
        return {"password": hashed, "password_changed_at": DatabaseNow()}

    def _forget_devices(self) -> None:
        """Where the old password was typed, the new one is a stranger's."""
        self.known_devices.all().delete()

    def _new_first_address(self, values: dict[str, Any]) -> dict[str, Any]:
        identity_id = values.pop("primary_email_address_id", None)
        if identity_id is None:
            return {}
        address = self.put_first(identity_id)
        return {} if address == self.email_address else {"email_address": address}

    def _write(self, values: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                write(self, **values)
        except IntegrityError as error:
            unique = {name: values.get(name) for name in ("username", "external_id")}
            taken = User.objects.exclude(pk=self.pk).taken(**unique)
            if not taken:
                raise
            raise IdentifierTaken(taken) from error
