"""How an account is changed: under its row's lock, by whoever may, never so that nobody is left in charge."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from config import audit
from config.audit import Actor
from config.database import DatabaseNow
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models.user import User


class LastAdmin(Exception):
    """Somebody must be left who can open Settings."""


def right_over(account: "User") -> Right:
    """Who manages users may change them, but operators and admins are for admins alone."""
    return Right.ADMIN if account.is_staff else Right.MANAGE_USERS


def hold(
    account: models.Model, *, by: Actor | None, right: Right | None = None, leaving: bool = False
) -> "User":
    """Lock the account's row for the caller's transaction and return it as it is now.

    `right` is given where it is not `right_over` that counts. Raises PermissionDenied, and LastAdmin where
    the last admin would be `leaving`. An admin's row is locked together with all admins' rows, always in the
    same order.
    """
    users = get_user_model().objects.order_by("pk")
    admins: list[User] = []
    if leaving and users.filter(pk=account.pk, is_superuser=True, is_active=True).exists():
        admins = list(
            users.unlocked().filter(is_superuser=True, is_active=True).select_for_update()
        )
    row = users.select_for_update().get(pk=account.pk)
    audit.permit(by, right or right_over(row))
    in_charge = row.is_superuser and row.is_active
    if leaving and in_charge and all(admin.pk == row.pk for admin in admins):
        raise LastAdmin
    return row


def write(account: models.Model, condition: Q | None = None, /, **values: Any) -> int:
    """The conditional UPDATE; how many rows it met, 0 or 1."""
    rows = get_user_model().objects.filter(condition or Q(), pk=account.pk)
    return rows.update(**values, updated_at=DatabaseNow())
