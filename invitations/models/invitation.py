import functools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.addresses import NormalisedAddress
from config import audit, database
from config.audit import Actor
from config.database import ByteField, DatabaseNow
from config.ids import new_id
from config.mail import link
from invitations.models.guard import AddressGuard
from invitations.models.message import Message
from invitations.models.queries import LAPSED, LIVE, OPEN, InvitationQuerySet, Status
from invitations.models.ticket import Ticket

if TYPE_CHECKING:
    from accounts.models import User

DEFAULT_DAYS = 30
MAX_DAYS = 365


class InvitationRefused(Exception):
    """No invitation was made. The reason is `duplicate` (a live one exists) or `address_taken` (by a user)."""

    def __init__(self, *, reason: str, email_address: str) -> None:
        super().__init__(f"{reason}: {email_address}")
        self.reason = reason
        self.email_address = email_address


class InvitationClosed(Exception):
    """The invitation is in no state for this. The reason is `accepted`, `revoked` or `expired`."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvitationManager(models.Manager.from_queryset(InvitationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> InvitationQuerySet:
        """Every invitation read knows from the database's clock whether its time is over."""
        past = models.Case(models.When(expires_at__lte=DatabaseNow(), then=True), default=False)
        return super().get_queryset().annotate(is_past=past)

    def create_pending(
        self,
        *,
        address: NormalisedAddress,
        by: Actor,
        ignore_existing: bool = False,
        channel: str | None = None,
        **fields: Any,
    ) -> "Invitation":
        """Invite an address: row, mail and event in one transaction.

        `fields`: public_metadata, redirect_url, notify, template_slug, expires_in_days, already clean.
        With a `channel` the answer's `raw_ticket` is a ticket minted for it. Raises InvitationRefused.
        """
        audit.permit(by, "invite")
        with transaction.atomic():
            AddressGuard.objects.lock(address.email_key)
            if not ignore_existing:
                self._refuse_existing(address)
            invitation = self._write(address, by=by, exclusive=not ignore_existing, **fields)
            if channel:
                invitation.raw_ticket = Ticket.objects.mint(invitation, channel=channel)
        return invitation

    def _refuse_existing(self, address: NormalisedAddress) -> None:
        same = self.filter(email_key=address.email_key)
        if get_user_model().objects.holding(address.email_key).exists():
            raise InvitationRefused(reason="address_taken", email_address=address.email_address)
        if same.filter(LIVE).exists():
            raise InvitationRefused(reason="duplicate", email_address=address.email_address)
        # The expired ones must not stand in the way of the unique index.
        same.filter(LAPSED).update(exclusive=False)

    def _write(
        self,
        address: NormalisedAddress,
        *,
        by: Actor,
        expires_in_days: int = DEFAULT_DAYS,
        **fields: Any,
    ) -> "Invitation":
        moment = database.now()  # read once, or 30 days would be 30 days and a microsecond
        invitation = self.create(
            **address._asdict(),
            created_at=moment,
            updated_at=moment,
            expires_at=moment + timedelta(days=expires_in_days),
            inviter_type=by.actor_type,
            inviter_id=by.id,
            inviter_name=by.name,
            **fields,
        )
        invitation.is_past = False
        audit.record("created", subject=invitation.pk, by=by, at=moment)
        if invitation.notify:
            Message.objects.queue_invitation(invitation, moment=moment)
        return invitation


class Invitation(models.Model):
    """One address invited once. State is held as instants; the status follows from them."""

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "inv"))
    email_address = ByteField(_("e-mail address"), max_length=254)
    email_key = ByteField(max_length=254)
    public_metadata = models.JSONField(default=dict)
    redirect_url = models.CharField(max_length=2048, null=True)  # noqa: DJ001 null is the contract's "none"
    notify = models.BooleanField(default=True)
    template_slug = models.CharField(max_length=32, default="invitation")
    exclusive = models.BooleanField(default=True)
    inviter_type = models.CharField(max_length=16, blank=True)
    inviter_id = ByteField(max_length=32, blank=True)
    inviter_name = models.CharField(max_length=130, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="accepted_invitations",
    )
    revoked_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=16, blank=True)

    objects = InvitationManager()

    is_past: bool
    raw_ticket: str
    # Read by `with_delivery()`.
    mail_state: str | None
    last_event_kind: str | None
    last_event_at: datetime | None

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        permissions = [
            ("invite", _("Invite users")),
            ("revoke", _("Revoke invitations")),
            ("copy_link", _("Copy invitation links")),
            ("manage_users", _("Manage users")),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="invitation_newest"),
            models.Index(fields=["email_key", "created_at"], name="invitation_address"),
            models.Index(fields=["expires_at"], name="invitation_open", condition=OPEN),
            models.Index(
                fields=["id"], name="invitation_accepted", condition=Q(accepted_at__isnull=False)
            ),
            models.Index(
                fields=["id"], name="invitation_revoked", condition=Q(revoked_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="invitation_one_pending",
                fields=["email_key"],
                condition=OPEN & Q(exclusive=True),
            ),
            models.CheckConstraint(
                name="invitation_ends_once", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="invitation_user_accepts",
                condition=Q(accepted_user=None) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_lives", condition=Q(expires_at__gt=models.F("created_at"))
            ),
            models.CheckConstraint(
                name="invitation_closed_reason",
                condition=Q(closed_reason="")
                | Q(closed_reason="superseded", revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email_address} ({self.pk})"

    @property
    def address(self) -> NormalisedAddress:
        return NormalisedAddress(self.email_address, self.email_key)

    @property
    def status(self) -> Status:
        if self.accepted_at:
            return Status.ACCEPTED
        if self.revoked_at:
            return Status.REVOKED
        return Status.EXPIRED if self.is_past else Status.PENDING

    def revoke(self, *, by: Actor) -> None:
        """End it for good: every link is dead, unsent mail is cancelled. Raises InvitationClosed."""
        audit.permit(by, "revoke")
        with transaction.atomic():
            self._close(OPEN, revoked_at=DatabaseNow())
            self.messages.cancel_unsent()
            audit.record("revoked", subject=self.pk, by=by)
        self.refresh_from_db()

    def accept(self, *, user: "User") -> None:
        """Let `user`, who may be about to be created, come in by it; in the caller's transaction.

        The conditional UPDATE decides, on the database's clock. Other live invitations of the address
        end with it (R-B5). Raises InvitationClosed, and then the caller must write nothing more.
        """
        AddressGuard.objects.lock(self.email_key)
        self._close(LIVE, accepted_at=DatabaseNow(), accepted_user_id=user.pk)
        self.messages.cancel_unsent()
        audit.record("accepted", subject=self.pk, by=user)
        for other in Invitation.objects.filter(email_key=self.email_key).pending():
            other.supersede(by=self)

    def supersede(self, *, by: "Invitation") -> None:
        """Another invitation of the address was accepted."""
        if self._change(LIVE, revoked_at=DatabaseNow(), closed_reason="superseded"):
            self.messages.cancel_unsent()
            audit.record("superseded", subject=self.pk, accepted=by.pk)

    def link_for(self, raw_ticket: str) -> str:
        return link(f"{reverse('accept_ticket')}?ticket={raw_ticket}")

    def _close(self, condition: Q, **values: Any) -> None:
        if not self._change(condition, **values):
            raise InvitationClosed(reason=Invitation.objects.get(pk=self.pk).status)

    def _change(self, condition: Q, **values: Any) -> int:
        return Invitation.objects.filter(condition, pk=self.pk).update(
            **values, updated_at=DatabaseNow()
        )
