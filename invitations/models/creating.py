"""How invitations come to be: one address or a thousand, judged and written by the same few lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import models, transaction

from accounts.addresses import NormalisedAddress
from config import audit, counters, database
from config.audit import Actor
from config.database import DatabaseNow
from invitations.models.guard import AddressGuard
from invitations.models.message import Message
from invitations.models.queries import LAPSED, LIVE, InvitationQuerySet
from invitations.models.ticket import Ticket

if TYPE_CHECKING:
    from invitations.models.invitation import Invitation

DEFAULT_DAYS = 30
MAX_DAYS = 365


class Asked(NamedTuple):
    """One invitation that is asked for; every value is clean already."""

    address: NormalisedAddress
    ignore_existing: bool = False
    public_metadata: dict[str, Any] = {}  # nobody writes into it
    redirect_url: str | None = None
    notify: bool = True
    template_slug: str = "invitation"
    expires_in_days: int = DEFAULT_DAYS


class InvitationRefused(Exception):
    """No invitation was made. The reason is `duplicate` (a live one exists) or `address_taken` (by a user)."""

    def __init__(self, *, reason: str, email_address: str) -> None:
        super().__init__(f"{reason}: {email_address}")
        self.reason = reason
        self.email_address = email_address


class BulkRefused(Exception):
    """None of several invitations was made. `refusals` are pairs: which was refused, from 0, and why."""

    def __init__(self, refusals: list[tuple[int, InvitationRefused]]) -> None:
        super().__init__(f"{len(refusals)} refused")
        self.refusals = refusals


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
        """Invite an address: `create_all` of one. `fields` are those of `Asked`. Raises InvitationRefused."""
        asked = Asked(address, ignore_existing, **fields)
        try:
            return self.create_all([asked], by=by, channel=channel)[0]
        except BulkRefused as refused:
            raise refused.refusals[0][1] from None

    def create_all(
        self, asked: Sequence[Asked], *, by: Actor, channel: str | None = None
    ) -> "list[Invitation]":
        """Invite all of them or, raising BulkRefused, none: rows, mails and events in one transaction.

        With a `channel` each answer's `raw_ticket` is a ticket minted for it. The answers are what
        `with_delivery()` would read.
        """
        audit.permit(by, "invite")
        with transaction.atomic():
            AddressGuard.objects.lock_all(each.address.email_key for each in asked)
            refusals = [(i, no) for i, no in enumerate(self.judge(asked)) if no]
            if refusals:
                raise BulkRefused(refusals)
            moment = database.now()  # read once, or 30 days would be 30 days and a microsecond
            self._clear_the_way([each for each in asked if not each.ignore_existing])
            made = [self._write(each, by=by, moment=moment) for each in asked]
            if channel:
                for invitation in made:
                    invitation.raw_ticket = Ticket.objects.mint(invitation, channel=channel)
            counters.add("invitations", len(made))
        return made

    def judge(self, asked: Sequence[Asked]) -> list[InvitationRefused | None]:
        """Why each could not be made if all were made in this order, or None; nothing is written.

        Only who holds the guards of the addresses may act upon it.
        """
        keys = {each.address.email_key for each in asked if not each.ignore_existing}
        users = get_user_model().objects.holding(*keys)
        taken = set(users.values_list("emailaddress__email", flat=True)) if keys else set()
        live = set(self.filter(LIVE, email_key__in=keys).values_list("email_key", flat=True))
        return list(self._verdicts(asked, taken=taken, live=live))

    def _verdicts(
        self, asked: Sequence[Asked], *, taken: set[str], live: set[str]
    ) -> Iterator[InvitationRefused | None]:
        for each in asked:
            email_address, key = each.address
            reason = "address_taken" if key in taken else "duplicate" if key in live else None
            if each.ignore_existing or reason is None:
                yield None
            else:
                yield InvitationRefused(reason=reason, email_address=email_address)
            live.add(key)  # an invitation of this very call stands in the way of the next

    def _clear_the_way(self, asked: Sequence[Asked]) -> None:
        """The expired ones must not stand in the way of the unique index."""
        keys = {each.address.email_key for each in asked}
        self.filter(LAPSED, email_key__in=keys, exclusive=True).update(exclusive=False)

    def _write(self, asked: Asked, *, by: Actor, moment: datetime) -> "Invitation":
        address, ignore_existing, metadata, target, notify, slug, days = asked
        invitation = self.create(
            **address._asdict(),
            public_metadata=metadata,
            redirect_url=target,
            notify=notify,
            template_slug=slug,
            exclusive=not ignore_existing,
            created_at=moment,
            updated_at=moment,
            expires_at=moment + timedelta(days=days),
            inviter_type=by.actor_type,
            inviter_id=by.id,
            inviter_name=by.name,
        )
        invitation.is_past = False
        audit.record("created", subject=invitation.pk, by=by, at=moment)
        if notify:
            Message.objects.queue_invitation(invitation, moment=moment)
        invitation.mail_state = "queued" if notify else None
        invitation.last_event_kind, invitation.last_event_at = "created", moment
        return invitation
