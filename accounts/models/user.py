import functools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Permission,
    PermissionsMixin,
)
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.addresses import InvalidAddress, normalise_email
from accounts.models.email_identity import EmailIdentity, Proof
from config import audit, counters
from config.audit import Actor
from config.database import ByteField, DatabaseNow
from config.ids import new_id

OPERATOR_PERMISSIONS = ["invite", "revoke", "copy_link", "manage_users"]


class Grant(models.TextChoices):
    """By what right somebody has an account (R-E1)."""

    INVITATION = "invitation", _("Invitation")
    PUBLIC = "public", _("Own sign-up")
    OPERATOR = "operator", _("Made by an admin")
    SECRET_KEY = "secret_key", _("Made with a secret key")


_PROOF_OF = {
    Grant.INVITATION: Proof.TICKET,
    Grant.PUBLIC: Proof.CODE,
    Grant.OPERATOR: Proof.ADMIN,
    Grant.SECRET_KEY: Proof.ADMIN,
}


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, *email_keys: str) -> "UserQuerySet":
        """Who has one of the addresses, as first or further. Each user's first one is a row there too."""
        return self.filter(emailaddress__email__in=email_keys, emailaddress__verified=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(
        self,
        *,
        email_address: str,
        grant: Grant,
        password: str | None = None,
        proof: Proof | None = None,
        **fields: Any,
    ) -> "User":
        """The one writer of users. It never sets operator or admin rights (R-E1).

        `password` may be given hashed as `password_hash` instead, since hashing has no place inside a
        transaction. The address counts as proved: callers have seen a ticket, a code or an operator's word.
        """
        forbidden = {"is_staff", "is_superuser"} & fields.keys()
        if forbidden:
            raise TypeError(f"create_user never sets {', '.join(sorted(forbidden))}")
        proof = proof or _PROOF_OF[grant]
        return self._create(email_address, grant=grant, password=password, proof=proof, **fields)

    def create_superuser(
        self, email_address: str, password: str | None = None, **fields: Any
    ) -> "User":
        """An admin, by `manage.py createsuperuser` or the set-up page. Raises ValidationError."""
        rights = {"is_staff": True, "is_superuser": True}
        try:
            return self._create(
                email_address,
                grant=Grant.OPERATOR,
                password=password,
                proof=Proof.ADMIN,
                **{**fields, **rights},
            )
        except InvalidAddress as error:
            raise ValidationError({"email_address": str(error)}) from error
        except IntegrityError as error:
            raise ValidationError(
                {"email_address": _("This address has an account already.")}
            ) from error

    def _create(
        self, email_address: str, *, grant: Grant, password: str | None, proof: Proof, **fields: Any
    ) -> "User":
        address = normalise_email(email_address)
        hashed = fields.pop("password_hash", None) or make_password(password or None)
        with transaction.atomic():
            user = self.create(
                email_address=address.email_address,
                password=hashed,
                signup_grant=grant,
                **fields,
            )
            kept = user.emailaddress_set.create(  # type: ignore[attr-defined]
                email=address.email_address, verified=True, primary=True
            )
            EmailIdentity.objects.create(address=kept, proof=proof)
            counters.add("users", 1)
            audit.record("user_created", subject=user.id, grant=grant)
        user.refresh_from_db()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account, and so with a proved address: there is no unverified user (decisions 1)."""

    USERNAME_FIELD = EMAIL_FIELD = "email_address"
    REQUIRED_FIELDS = []
    id = ByteField(max_length=32, primary_key=True, default=functools.partial(new_id, "user"))
    email_address = ByteField(_("e-mail address"), max_length=254)
    # The key follows the address, also where the address is changed by allauth.
    email_key = models.GeneratedField(
        expression=models.F("email_address"),  # type: ignore[arg-type]
        output_field=ByteField(max_length=254),
        db_persist=True,
        unique=True,
    )
    first_name = models.CharField(_("first name"), max_length=64, blank=True)
    last_name = models.CharField(_("last name"), max_length=64, blank=True)
    # A handle that the application gives; nobody signs in by it.
    username = ByteField(_("username"), max_length=64, null=True, unique=True)
    external_id = ByteField(max_length=256, null=True, unique=True)
    locale = models.CharField(max_length=35, blank=True)
    public_metadata = models.JSONField(default=dict, blank=True)
    private_metadata = models.JSONField(default=dict, blank=True)
    unsafe_metadata = models.JSONField(default=dict, blank=True)
    signup_grant = models.CharField(max_length=16, choices=Grant)
    signup_invitation = models.OneToOneField(
        "invitations.Invitation",
        null=True,
        on_delete=models.SET_NULL,
        related_name="signed_up_user",
    )
    is_staff = models.BooleanField(_("operator"), default=False)
    banned_at = models.DateTimeField(null=True)
    # What Django and allauth ask before anybody signs in, and at each request of a session.
    is_active = models.GeneratedField(
        expression=models.Case(models.When(banned_at=None, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    locked_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)  # null while locked: until somebody unlocks
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

    def may(self, right: str) -> bool:
        """Admins may do everything; "admin" and "configure" are what only they may; all else goes by permission."""
        if right in {"admin", "configure"}:
            return self.is_active and self.is_superuser
        return self.is_staff and self.has_perm(f"invitations.{right}")

    def rename(self, *, first_name: str, last_name: str) -> None:
        names = {"first_name": first_name, "last_name": last_name}
        User.objects.filter(pk=self.pk).update(**names, updated_at=DatabaseNow())
        self.refresh_from_db()

    def make_operator(self, *, by: Actor | None) -> None:
        """Into the dashboard, with every operator's right (decisions 3)."""
        rights = Permission.objects.filter(
            content_type__app_label="invitations", codename__in=OPERATOR_PERMISSIONS
        )
        self._change_role("operator", by=by, rights=rights, is_staff=True, is_superuser=False)

    def make_admin(self, *, by: Actor | None) -> None:
        self._change_role("admin", by=by, is_staff=True, is_superuser=True)

    def end_operator(self, *, by: Actor | None) -> None:
        """Out of the dashboard; the account stays."""
        self._change_role("user", by=by, is_staff=False, is_superuser=False)

    def _change_role(
        self, role: str, *, by: Actor | None, rights: Iterable[Permission] = (), **flags: bool
    ) -> None:
        audit.permit(by, "admin")
        with transaction.atomic():
            admins = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
            if not flags["is_superuser"] and [admin.pk for admin in admins] == [self.pk]:
                raise LastAdmin
            User.objects.filter(pk=self.pk).update(**flags, updated_at=DatabaseNow())
            self.user_permissions.set(rights)
            audit.record("role_changed", subject=self.pk, by=by, role=role)
        self.refresh_from_db()


class LastAdmin(Exception):
    """Somebody must be left who can open Settings."""
