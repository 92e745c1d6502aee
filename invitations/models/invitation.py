import functools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import NormalisedAddress
from config import audit, counters, database, limits
from config.audit import Actor
from config.database import ByteField, DatabaseNow
from config.ids import new_id
from config.rights import Right
from invitations.models.creating import InvitationManager, next_expiry
from invitations.models.guard import AddressGuard
from invitations.models.message import Message
from invitations.models.queries import LIVE, OPEN, Status
from invitations.models.ticket import Channel, Ticket

if TYPE_CHECKING:
    from accounts.models import User


class InvitationClosed(Exception):
    """The status of the invitation does not allow this. The reason is `accepted`, `revoked` or `expired`."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Invitation(models.Model):
    """One invitation of one address. The status is not stored: it follows from the timestamps."""

    id = ByteField(max_length=31, primary_key=True, default=functools.partial(new_id, "inv"))
    email_address = ByteField(_("e-mail address"), max_length=254)
    email_key = ByteField(max_length=254)
    public_metadata = models.JSONField(default=dict)
    redirect_url = models.CharField(max_length=2048, null=True)  # noqa: DJ001 null is Clerk's "none"
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
    # Set by `with_delivery()`.
    mail_state: str | None
    last_event_kind: str | None
    last_event_at: datetime | None
    account_id: str | None

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

    def check_pending(self) -> None:
        """Raise InvitationClosed unless pending when it was read. An early check only; `accept` decides."""
        if self.status != Status.PENDING:
            raise InvitationClosed(reason=self.status)

    def revoke(self, *, by: Actor) -> None:
        """End it permanently: its links stop working, unsent mail is cancelled. Raises InvitationClosed."""
        audit.permit(by, Right.REVOKE)
        with transaction.atomic():
            self._change(OPEN, revoked_at=DatabaseNow())
            self._end(by=by, event="revoked")
            self._reread()

    def change(self, *, by: Actor, **values: Any) -> None:
        """Change it; the new values apply to links already sent too. Raises InvitationClosed.

        `values`: public_metadata, redirect_url, expires_in_days (counted from now), already validated.
        """
        audit.permit(by, Right.INVITE)
        changed = sorted(values)
        with transaction.atomic():
            AddressGuard.objects.lock(self.email_key)
            moment = database.now()
            if "expires_in_days" in values:
                values["expires_at"] = moment + timedelta(days=values.pop("expires_in_days"))
            self._change(LIVE, **values, updated_at=moment)
            audit.record("updated", subject=self.pk, by=by, at=moment, changed=changed)
            self._reread()

    def resend(
        self, *, by: Actor, channel: str | None = None, expires_in_days: int | None = None
    ) -> None:
        """Mail it again with a new link. `expires_in_days` counts from now; without it, a pending invitation keeps
        its expiry and an expired one gets 30 days. All its links share this one expiry.

        With a `channel`, sets `raw_ticket` to a new ticket. Raises InvitationClosed (accepted, revoked), LimitExceeded.
        """
        audit.permit(by, Right.INVITE)
        if self.accepted_at or self.revoked_at:  # before limits.take: this refusal must not count
            raise InvitationClosed(reason=self.status)
        limits.take("resend", subject=self.pk, by=by)
        limits.take("resend_day", subject=self.pk, by=by)
        with transaction.atomic():
            AddressGuard.objects.lock(self.email_key)
            moment = database.now()
            expiry = next_expiry(expires_in_days, moment=moment)
            self._change(OPEN, expires_at=expiry, updated_at=moment)
            Message.objects.queue_invitation(self, moment=moment)
            audit.record("resent", subject=self.pk, by=by, at=moment)
            if channel:
                self.raw_ticket = Ticket.objects.mint(self, channel=channel)
            self._reread()

    def mint_link(self, *, by: Actor) -> str:
        """Return a ticket to share by chat or on paper; it does not prove the address. Raises InvitationClosed."""
        audit.permit(by, Right.COPY_LINK)
        with transaction.atomic():
            AddressGuard.objects.lock(self.email_key)
            locked = Invitation.objects.select_for_update(no_key=True)
            if not locked.filter(LIVE, pk=self.pk).first():
                raise self._closed()
            raw = Ticket.objects.mint(self, channel=Channel.SHARED)
            audit.record("link_created", subject=self.pk, by=by)
            self._reread()
        return raw

    def erase(self, *, by: Actor) -> None:
        """Delete it in any status, with its tickets and messages. Users stay; events stay too, with its id."""
        audit.permit(by, Right.ERASE_INVITATIONS)
        with transaction.atomic():
            AddressGuard.objects.lock(self.email_key)
            found = Invitation.objects.select_for_update().get(pk=self.pk)
            audit.record("deleted", subject=found.pk, by=by, status=found.status)
            if not found.revoked_at:
                counters.add("invitations", -1)
            found.delete()

    def accept(self, *, user: "User") -> None:
        """Accept it for `user`, whose row may not be saved yet; runs in the caller's transaction.

        The conditional UPDATE decides, by the database's clock. Other pending invitations of the address
        are revoked. After InvitationClosed the caller must write nothing more.
        """
        AddressGuard.objects.lock(self.email_key)
        self._change(LIVE, accepted_at=DatabaseNow(), accepted_user_id=user.pk)
        self.messages.cancel_unsent()
        audit.record("accepted", subject=self.pk, by=user)
        rows = Invitation.objects.filter(Q(pk=self.pk) | LIVE, email_key=self.email_key).in_bulk()
        # The metadata may have changed since the invitation was read.
        vars(self).update(vars(rows.pop(self.pk)))
        for other in rows.values():
            other.supersede(by=self)

    def supersede(self, *, by: "Invitation") -> None:
        """Revoke it, if still pending, because another invitation of the address, `by`, was accepted."""
        if self._update(LIVE, revoked_at=DatabaseNow(), closed_reason="superseded"):
            self._end(event="superseded", accepted=by.pk)

    def _end(self, *, event: str, by: Actor | None = None, **detail: Any) -> None:
        """Do what follows each revocation: cancel unsent mail, update the counter, record the event."""
        self.messages.cancel_unsent()
        counters.add("invitations", -1)
        audit.record(event, subject=self.pk, by=by, **detail)

    def _change(self, condition: Q, **values: Any) -> None:
        """Update if `condition` holds. Raises InvitationClosed if not, or DoesNotExist if it was erased."""
        if not self._update(condition, **values):
            raise self._closed()

    def _update(self, condition: Q, **values: Any) -> int:
        rows = Invitation.objects.filter(condition, pk=self.pk)
        return rows.update(**{"updated_at": DatabaseNow(), **values})

    def _closed(self) -> InvitationClosed:
        return InvitationClosed(reason=Invitation.objects.get(pk=self.pk).status)

    def _reread(self) -> None:
        """Reload all fields with `with_delivery()`. Done before the commit: after it, nothing may fail."""
        vars(self).update(vars(Invitation.objects.with_delivery().get(pk=self.pk)))
