"""Who works in the dashboard."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from accounts.models.upkeep import hold, write
from config import audit
from config.audit import Actor
from config.database import DatabaseNow
from config.rights import Right

OPERATOR_PERMISSIONS = [Right.INVITE, Right.REVOKE, Right.COPY_LINK, Right.MANAGE_USERS]


class Role(models.Model):
    """A part of User: only admins make operators and admins, and one admin is always left."""

    is_staff = models.BooleanField(_("operator"), default=False)
    # Null for those who are none, and for those who were before this was kept.
    operator_since = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def make_operator(self, *, by: Actor | None) -> None:
        """Into the dashboard, with every operator's right."""
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
        with transaction.atomic():
            hold(self, by=by, right=Right.ADMIN, leaving=not flags["is_superuser"])
            stays = Case(When(is_staff=True, then=F("operator_since")), default=DatabaseNow())
            write(self, operator_since=stays if flags["is_staff"] else None, **flags)
            self.user_permissions.set(rights)  # type: ignore[attr-defined]
            audit.record("role_changed", subject=self.pk, by=by, role=role)
            self.refresh_from_db()
