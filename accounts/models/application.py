import functools
import secrets
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.signing_key import SigningKey
from config import audit
from config.audit import Actor
from config.crypto import digest
from config.database import DatabaseNow
from config.ids import new_id
from config.mail import link
from config.rights import Right

if TYPE_CHECKING:
    from accounts.models.user import User


MOST_GRACE_DAYS = 14  # that operators get to add a second factor
TEST_MARK = "+clerk_test"  # in the local part of an address; Clerk's word


class SetUpClosed(Exception):
    """The set-up code is wrong, replaced or spent."""


class SignUpMode(models.TextChoices):
    PUBLIC = "public", _("Public")
    RESTRICTED = "restricted", _("Restricted")
    WAITLIST = "waitlist", _("Waitlist")


BuiltMode = Literal["public", "restricted"]  # the others exist, but cannot be chosen yet


class ApplicationManager(models.Manager["Application"]):
    def current(self) -> "Application":
        """The one row; made with its defaults where set-up has not run yet."""
        return self.get_or_create(pk=1)[0]

    def prepare(self) -> None:
        """What must be there before anybody comes: the one row, and the key that signs session tokens. And what must
        not be: a test mode that is not allowed.
        """
        SigningKey.objects.ensure(first_kid=self.current().instance_id)
        self.end_test_mode()

    def end_test_mode(self) -> None:
        """Where the environment does not allow it: it counts as off, and from now on it is. The event says so."""
        if settings.ALLOW_TEST_MODE:
            return
        with transaction.atomic():
            if self.filter(test_mode=True).update(test_mode=False, updated_at=DatabaseNow()):
                changed = {"test_mode": False}
                audit.record(
                    "settings_changed", subject=self.current().instance_id, changed=changed
                )

    def is_set_up(self) -> bool:
        """Whether somebody can open Settings."""
        return get_user_model().objects.filter(is_superuser=True).exists()

    def is_test_address(self, address: str) -> bool:
        """Whether it gets no mail and takes the code that everybody knows: in test mode alone."""
        return TEST_MARK in address.partition("@")[0] and self.current().is_in_test_mode

    def new_set_up_code(self) -> str:
        """The text that opens the set-up page once; the one before is dead. Only its hash is kept."""
        code = f"osu_{secrets.token_urlsafe(24)}"
        self.current()
        self.update(set_up_hash=digest(code))
        return code

    def set_up(self, *, code: str, email_address: str, password: str, name: str) -> "User":
        """Spend the code for the first admin and the application's name. Raises SetUpClosed."""
        waiting = self.filter(set_up_hash=digest(code))
        if not waiting.exists():
            raise SetUpClosed  # before a hash is computed for somebody who only guesses
        password_hash = make_password(password)
        self.prepare()
        with transaction.atomic():
            if not waiting.update(set_up_hash=""):
                raise SetUpClosed
            admin = get_user_model().objects.create_superuser(
                email_address, password_hash=password_hash
            )
            self.current().change(by=admin, name=name)
        return admin


class Application(models.Model):
    """The application that people are invited to: the one row of settings."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    instance_id = models.CharField(max_length=31, default=functools.partial(new_id, "ins"))
    name = models.CharField(_("application name"), max_length=64, default="Ollio")
    home_url = models.CharField(_("home URL"), max_length=2048, blank=True)
    support_address = models.CharField(_("support address"), max_length=254, blank=True)
    sign_up_url = models.CharField(_("sign-up URL"), max_length=2048, blank=True)
    sign_in_url = models.CharField(_("sign-in URL"), max_length=2048, blank=True)
    sign_up_mode = models.CharField(
        _("sign-up mode"), max_length=16, choices=SignUpMode, default=SignUpMode.PUBLIC
    )
    redirect_origins = models.JSONField(default=list, blank=True)
    allowed_origins = models.JSONField(default=list, blank=True)
    # Addresses with +clerk_test in them get no mail and take one known code. Null until somebody says so:
    # a developer's database that moves to production must not bring the mode along.
    test_mode = models.BooleanField(null=True)
    # Since when operators need a second factor. Null: they need none.
    second_factor_required_at = models.DateTimeField(null=True)
    second_factor_grace_days = models.PositiveSmallIntegerField(default=7)
    set_up_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    updated_at = models.DateTimeField(db_default=DatabaseNow())

    objects = ApplicationManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="application_is_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="application_mode_known",
                condition=models.Q(sign_up_mode__in=SignUpMode.values),
            ),
            models.CheckConstraint(
                name="application_grace_short",
                condition=models.Q(second_factor_grace_days__lte=MOST_GRACE_DAYS),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_test_mode(self) -> bool:
        on = settings.DEBUG if self.test_mode is None else self.test_mode
        return on and settings.ALLOW_TEST_MODE

    @property
    def is_restricted(self) -> bool:
        return self.sign_up_mode == SignUpMode.RESTRICTED

    @property
    def environment_type(self) -> Literal["development", "production"]:
        return "development" if settings.DEBUG else "production"

    @property
    def sign_up_page(self) -> str:
        """The application's own sign-up page, or the hosted one."""
        return self.sign_up_url or link(reverse("account_signup"))

    @property
    def sign_in_page(self) -> str:
        """The application's own sign-in page, or the hosted one."""
        return self.sign_in_url or link(reverse("account_login"))

    @property
    def hosted_origins(self) -> list[str]:
        """Where hosted pages live; targets there need no entry in the list of redirect origins."""
        return [settings.BASE_URL, *filter(None, (self.sign_up_url, self.sign_in_url))]

    @property
    def own_origins(self) -> list[str]:
        """The same, and where people go once they have signed up."""
        return [*self.hosted_origins, *filter(None, [self.home_url])]

    def change(self, *, by: Actor, **values: Any) -> None:
        """Store the settings given; one event names what changed."""
        audit.permit(by, Right.CONFIGURE)
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        if not changed:
            return
        with transaction.atomic():
            Application.objects.filter(pk=self.pk).update(**changed, updated_at=DatabaseNow())
            audit.record("settings_changed", subject=self.instance_id, by=by, changed=changed)
            self.refresh_from_db()

    def require_second_factor(self, *, by: Actor, is_required: bool, grace_days: int) -> None:
        """Of operators. Repeated, the time to add one goes on from when it was required first."""
        audit.permit(by, Right.CONFIGURE)
        as_said = models.Q(
            second_factor_required_at__isnull=not is_required, second_factor_grace_days=grace_days
        )
        since = Coalesce("second_factor_required_at", DatabaseNow()) if is_required else None
        with transaction.atomic():
            others = Application.objects.filter(pk=self.pk).exclude(as_said)
            if others.update(
                second_factor_required_at=since,
                second_factor_grace_days=grace_days,
                updated_at=DatabaseNow(),
            ):
                words = {"second_factor_required": is_required, "grace_days": grace_days}
                audit.record("settings_changed", subject=self.instance_id, by=by, changed=words)
            self.refresh_from_db()
