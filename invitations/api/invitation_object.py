from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from accounts.models import Application
from config.api_output import milliseconds, optional_milliseconds
from invitations.destination import leads_to
from invitations.models import Channel, Invitation, Status, ticket_link


class Inviter(BaseModel):
    type: str
    id: str
    name: str


class LastEvent(BaseModel):
    type: str
    at: int


class InvitationObject(BaseModel):
    """The fields of Clerk's `Invitation`, and more. A field with a default is absent from the JSON unless set."""

    object: Literal["invitation"]
    id: str
    email_address: str
    public_metadata: dict[str, Any]
    status: Status
    revoked: Literal[True] = True
    url: str = ""
    url_channel: Channel = Channel.API
    redirect_url: str | None
    destination: Annotated[
        str,
        Field(
            description="Ollio's own: where links lead now, but for the ticket. `redirect_url` while its origin is"
            " allowed, else the sign-up or sign-in page, which both tell what became of a closed invitation."
        ),
    ]
    notify: bool
    template_slug: str
    inviter: Inviter | None
    created_at: int
    updated_at: int
    expires_at: int
    accepted_at: int | None
    revoked_at: int | None
    accepted_user_id: str | None
    delivery_status: str
    last_event: LastEvent


class InvitationPage(BaseModel):
    data: list[InvitationObject]
    total_count: int


def present(
    invitation: Invitation,
    *,
    application: Application,
    raw_ticket: str = "",
    channel: Channel = Channel.API,
) -> InvitationObject:
    """Return the API object of an invitation. Makes no query: after a commit nothing may fail."""
    # `invitation` must come from `with_delivery()` or from a method that changed it: they load all that is needed.
    return InvitationObject(
        object="invitation",
        id=invitation.id,
        email_address=invitation.email_address,
        public_metadata=invitation.public_metadata,
        status=invitation.status,
        redirect_url=invitation.redirect_url,
        destination=leads_to(invitation, application=application),
        notify=invitation.notify,
        template_slug=invitation.template_slug,
        inviter=_inviter(invitation),
        created_at=milliseconds(invitation.created_at),
        updated_at=milliseconds(invitation.updated_at),
        expires_at=milliseconds(invitation.expires_at),
        accepted_at=optional_milliseconds(invitation.accepted_at),
        revoked_at=optional_milliseconds(invitation.revoked_at),
        accepted_user_id=invitation.accepted_user_id,
        delivery_status=_delivery_status(invitation.mail_state),
        last_event=_last_event(invitation),
        **_optional(invitation, raw_ticket=raw_ticket, channel=channel),
    )


def _optional(invitation: Invitation, *, raw_ticket: str, channel: Channel) -> dict[str, Any]:
    fields: dict[str, Any] = {"revoked": True} if invitation.status == Status.REVOKED else {}
    return fields | ({"url": ticket_link(raw_ticket), "url_channel": channel} if raw_ticket else {})


def _inviter(invitation: Invitation) -> Inviter | None:
    if not invitation.inviter_type:
        return None
    return Inviter(
        type=invitation.inviter_type, id=invitation.inviter_id, name=invitation.inviter_name
    )


def _delivery_status(mail_state: str | None) -> str:
    """Return the outbox state of the newest mail, but `queued` for `sending`, and `not_requested` without a mail."""
    if mail_state is None:
        return "not_requested"
    return "queued" if mail_state == "sending" else mail_state


def _last_event(invitation: Invitation) -> LastEvent:
    if invitation.status == Status.EXPIRED:  # expiry is not stored as an event
        return LastEvent(type="expired", at=milliseconds(invitation.expires_at))
    kind = invitation.last_event_kind or "created"
    return LastEvent(type=kind, at=milliseconds(invitation.last_event_at or invitation.created_at))
