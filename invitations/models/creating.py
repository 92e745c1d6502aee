"""Creating invitations. The same code checks and writes a single invitation and a bulk of a thousand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.functional import cached_property

from accounts.addresses import NormalisedAddress
from config import audit
from config.audit import Actor
from config.crypto import digest
from config.ids import new_id
from config.rights import Right
from invitations.models import creating_sql
from invitations.models.guard import AddressGuard
from invitations.models.message import Message, State, new_message_id
from invitations.models.queries import InvitationQuerySet, is_past
from invitations.models.ticket import new_ticket

if TYPE_CHECKING:
    from invitations.models.invitation import Invitation

DEFAULT_DAYS = 30
MAX_DAYS = 365


def next_expiry(days: int | None, *, moment: datetime) -> datetime | models.Case:
    """Return the new `expires_at` of an invitation that is sent again.

    With `days`: so many days from `moment`. Without: a pending one keeps its expiry, an expired one gets DEFAULT_DAYS.
    """
    if days:
        return moment + timedelta(days=days)
    revived = models.Value(moment + timedelta(days=DEFAULT_DAYS))
    return models.Case(models.When(expires_at__lte=moment, then=revived), default="expires_at")


class Asked(NamedTuple):
    """The data of one invitation to create; all values are already validated."""

    address: NormalisedAddress
    ignore_existing: bool = False
    public_metadata: dict[str, Any] = {}  # shared default: do not modify
    redirect_url: str | None = None
    notify: bool = True
    template_slug: str = "invitation"
    expires_in_days: int = DEFAULT_DAYS

    def columns(self, moment: datetime) -> dict[str, Any]:
        """Return these column values for an invitation created at `moment`."""
        return {
            "email_address": self.address.email_address,
            "email_key": self.address.email_key,
            "public_metadata": self.public_metadata or {},  # a new dict, not the shared default
            "redirect_url": self.redirect_url,
            "notify": self.notify,
            "template_slug": self.template_slug,
            "exclusive": not self.ignore_existing,
            "expires_at": moment + timedelta(days=self.expires_in_days),
        }

    def refuse(self, reason: str) -> "InvitationRefused":
        return InvitationRefused(reason=reason, email_address=self.address.email_address)


class InvitationRefused(Exception):
    """The invitation was not created. The reason is `duplicate` (of a pending one) or `address_taken` (by a user)."""

    def __init__(self, *, reason: str, email_address: str) -> None:
        super().__init__(f"{reason}: {email_address}")
        self.reason = reason
        self.email_address = email_address


class BulkRefused(Exception):
    """None of several invitations was created. `refusals` are pairs: the index, from 0, and the error."""

    def __init__(self, refusals: list[tuple[int, InvitationRefused]]) -> None:
        super().__init__(f"{len(refusals)} refused")
        self.refusals = refusals


class InvitationManager(models.Manager.from_queryset(InvitationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> InvitationQuerySet:
        """Return all invitations, each with `is_past`: whether it is expired by the database's clock."""
        return self._all.all()

    @cached_property
    def _all(self) -> InvitationQuerySet:
        """Build the queryset once: copying it is cheaper than annotating again."""
        return super().get_queryset().annotate(is_past=is_past())

    def create_pending(
        self,
        *,
        address: NormalisedAddress,
        by: Actor,
        ignore_existing: bool = False,
        channel: str | None = None,
        **fields: Any,
    ) -> "Invitation":
        """Invite one address with `create_all`. `fields` are those of `Asked`. Raises InvitationRefused."""
        asked = Asked(address, ignore_existing, **fields)
        try:
            return self.create_all([asked], by=by, channel=channel)[0]
        except BulkRefused as refused:
            raise refused.refusals[0][1] from None

    def create_all(
        self, asked: Sequence[Asked], *, by: Actor, channel: str | None = None
    ) -> "list[Invitation]":
        """Create all invitations, with mails and events, in one transaction; or none: then raise BulkRefused.

        With a `channel`, each returned invitation has a new ticket in `raw_ticket`. The returned invitations have
        the same fields as those that `with_delivery()` reads.
        """
        audit.permit(by, Right.INVITE)
        if not asked:
            return []
        with transaction.atomic():
            moment = AddressGuard.objects.lock(*(each.address.email_key for each in asked))
            made = self._drafts(asked, by=by, moment=moment)
            _note_accounts(made)
            rows = [_row(place, each, channel=channel) for place, each in enumerate(made)]
            verdicts = creating_sql.write(self.model, rows)
            if verdicts.refused:
                refused = verdicts.refused.items()
                raise BulkRefused([(i, asked[i].refuse(reason)) for i, reason in refused])
            mails = [(rows[i]["mail_id"], rows[i]["email_key"]) for i in verdicts.crowded]
            Message.objects.hold_back(mails, moment=moment)
        return made

    def judge(self, asked: Sequence[Asked]) -> list[InvitationRefused | None]:
        """Return for each the reason why it cannot be created, or None, as if all were created in this order.

        Writes nothing. Without the guards locked, the result can be out of date at once.
        """
        rows = [
            {"place": i, "email_key": each.address.email_key, "exclusive": not each.ignore_existing}
            for i, each in enumerate(asked)
        ]
        refused = creating_sql.judge(self.model, rows).refused
        return [each.refuse(refused[i]) if i in refused else None for i, each in enumerate(asked)]

    def _drafts(self, asked: Sequence[Asked], *, by: Actor, moment: datetime) -> "list[Invitation]":
        """Return the unsaved invitations with all columns set. Their ids sort in the order of `asked`."""
        fields = self.model._meta.concrete_fields
        common = {field.attname: field.get_default() for field in fields} | {
            "inviter_type": by.actor_type,
            "inviter_id": by.id,
            "inviter_name": by.name,
            "created_at": moment,
            "updated_at": moment,
        }
        ids = sorted(self.model._meta.pk.get_default() for _ in asked)
        return [
            self._draft(common | each.columns(moment) | {"id": pk})
            for pk, each in zip(ids, asked, strict=True)
        ]

    def _draft(self, columns: dict[str, Any]) -> "Invitation":
        invitation = self.model.from_db(self.db, list(columns), list(columns.values()))
        invitation.is_past, invitation.account_id = False, None
        invitation.mail_state = State.QUEUED.value if invitation.notify else None
        invitation.last_event_kind, invitation.last_event_at = "created", invitation.created_at
        return invitation


def _note_accounts(made: "Sequence[Invitation]") -> None:
    """Set `account_id`. Query only the addresses with `ignore_existing`: for the others, a user with the address
    makes the creation fail.
    """
    keys = {each.email_key for each in made if not each.exclusive}
    if keys:
        holders = get_user_model().objects.holding_any(keys)
        held = dict(holders.values_list("emailaddress__email", "pk"))
        for each in made:
            each.account_id = held.get(each.email_key)


def _row(place: int, invitation: "Invitation", *, channel: str | None) -> dict[str, Any]:
    """Return the SQL statement's input for one invitation and its mail. With a `channel`, create its ticket too."""
    row = {name: value for name, value in vars(invitation).items() if name != "_state"}
    row |= {"place": place, "mail_id": new_id("msg"), "message_id": new_message_id()}
    if channel:
        invitation.raw_ticket = new_ticket()
        row |= {"channel": channel, "ticket_hash": digest(invitation.raw_ticket)}
    return row
