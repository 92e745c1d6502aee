"""How users are made and looked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import is_password_usable, make_password
from django.contrib.auth.models import BaseUserManager
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.addresses import InvalidAddress, normalise_email
from accounts.models.email_identity import EmailIdentity, Proof
from accounts.models.user_queries import UserQuerySet
from config import audit, counters
from config.audit import Actor
from config.database import DatabaseNow
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models.user import User


class Grant(models.TextChoices):
    """By what right somebody has an account."""

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


class IdentifierTaken(Exception):
    """What belongs to another user already; `fields` names it."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(
        self,
        *,
        email_address: str,
        grant: Grant,
        password: str | None = None,
        proof: Proof | None = None,
        by: Actor | None = None,
        **fields: Any,
    ) -> "User":
        """The one writer of users. It never sets operator or admin rights.

        `password` may be given hashed as `password_hash` instead, since hashing has no place inside a
        transaction. The address counts as proved, and so do `further_addresses`: callers have seen a ticket,
        a code or an operator's word. Raises IntegrityError where an address, the username or the external
        id is somebody's; the transaction of a caller who has one is lost then.
        """
        audit.permit(by, Right.MANAGE_USERS)
        forbidden = {"is_staff", "is_superuser"} & fields.keys()
        if forbidden:
            raise TypeError(f"create_user never sets {', '.join(sorted(forbidden))}")
        proof = proof or _PROOF_OF[grant]
        return self._create(
            email_address, grant=grant, password=password, proof=proof, by=by, **fields
        )

    def create_superuser(
        self, email_address: str, password: str | None = None, **fields: Any
    ) -> "User":
        """An admin, by `manage.py createsuperuser` or the set-up page. Raises ValidationError."""
        rights = {"is_staff": True, "is_superuser": True, "operator_since": DatabaseNow()}
        try:
            with transaction.atomic():  # who is refused in words loses no transaction of their own
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
        self,
        email_address: str,
        *,
        further_addresses: Sequence[str] = (),
        grant: Grant,
        password: str | None,
        proof: Proof,
        by: Actor | None = None,
        **fields: Any,
    ) -> "User":
        addresses = [
            normalise_email(text).email_address for text in (email_address, *further_addresses)
        ]
        hashed = fields.pop("password_hash", None) or make_password(password or None)
        if is_password_usable(hashed):
            fields["password_changed_at"] = DatabaseNow()
        with transaction.atomic(savepoint=False):
            user = self.create(
                email_address=addresses[0], password=hashed, signup_grant=grant, **fields
            )
            # As accounts/user_object.py reads them.
            user.known_addresses = EmailIdentity.objects.keep_all(addresses, user=user, proof=proof)
            user.known_authenticators = []
            counters.add("users", 1)
            audit.record("user_created", subject=user.id, by=by, grant=grant)
        return user
