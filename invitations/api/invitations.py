from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import PlainValidator

from config import counters
from config.api_errors import APIRefusal, error
from config.api_input import APIRequest, InBody, InQuery, Nothing, in_path
from config.api_output import Deleted, reply
from config.api_query import MAX_COUNT, behind
from invitations.api.invitation_object import InvitationObject, InvitationPage, present
from invitations.api.parameters import (
    ChangeInvitation,
    CreateInvitation,
    ListInvitations,
    ResendInvitation,
)
from invitations.api.refusals import nothing_given, worded
from invitations.models import Channel, Invitation
from invitations.models.queries import InvitationQuerySet

router = Router()


def _find(invitation_id: str) -> Invitation:
    return in_path(Invitation.objects.with_delivery(), text=invitation_id, prefix="inv")


Found = Annotated[Invitation, PlainValidator(_find, json_schema_input_type=str)]


@router.post("", response=InvitationObject, exclude_unset=True)
def create_invitation(
    request: APIRequest, body: InBody[CreateInvitation], query: InQuery[Nothing]
) -> HttpResponse:
    """Invite an e-mail address. Unless `notify` is false, a mail with a link is queued. `url` in the response
    is another link, which proves the address as the mailed link does. It is shown only in this response.

    The call fails if a user has the address (422 `form_identifier_exists`) or a pending invitation for it exists
    (400 `duplicate_record`), unless `ignore_existing` is true. Expired, revoked and accepted invitations do not
    matter. When the invitation is accepted, the user gets its `public_metadata`.
    """
    with worded():
        made = Invitation.objects.create_pending(
            **body.asked._asdict(), by=request.auth, channel=Channel.API
        )
    return reply(present(made, application=request.auth.application, raw_ticket=made.raw_ticket))


@router.get("", response=list[InvitationObject] | InvitationPage, exclude_unset=True)
def list_invitations(request: APIRequest, query: InQuery[ListInvitations]) -> HttpResponse:
    """List invitations, the newest first: all except revoked ones, or those with any given `status`.

    `query` is a part of the address, upper or lower case, or an id or the start of one. The response is an array.
    With `paginated=true` it is an object; its `total_count` is exact for a list without filters, and at most 10,000
    for a filtered one. `starting_after`, an invitation's id, continues after that invitation: it stays fast and
    skips nothing, unlike `offset`. It needs an order by `created_at`.
    """
    found = Invitation.objects.in_status(*query.status).matching(query.query)
    rows = _after(found, query=query).order_by(*query.order_by)
    if query.offset:  # do not read the mails of skipped rows
        shown = rows.values("pk")[query.offset : query.offset + query.limit]
        rows = Invitation.objects.filter(pk__in=shown).order_by(*query.order_by)
    data = [
        present(each, application=request.auth.application)
        for each in rows.with_delivery()[: query.limit]
    ]
    if not query.paginated:
        return reply(data)
    total = counters.total("invitations") if query.is_whole else found[:MAX_COUNT].count()
    return reply(InvitationPage(data=data, total_count=total))


def _after(found: InvitationQuerySet, *, query: ListInvitations) -> InvitationQuerySet:
    if not query.starting_after:
        return found
    last = query.starting_after
    born = Invitation.objects.filter(pk=last).values_list("created_at", flat=True).first()
    if born is None:
        long_message = "starting_after: There is no invitation with this id."
        code, name = "form_param_value_invalid", "starting_after"
        raise APIRefusal(422, error(code, "is invalid", long_message, param_name=name))
    return behind(found, last=last, born=born, order_by=query.order_by)


@router.get("/{invitation}", response=InvitationObject, exclude_unset=True)
def get_invitation(request: APIRequest, invitation: Found, query: InQuery[Nothing]) -> HttpResponse:
    """Get one invitation, in any status. No link is shown: only the response that created a link contains it."""
    return reply(present(invitation, application=request.auth.application))


@router.patch("/{invitation}", response=InvitationObject, exclude_unset=True)
def change_invitation(
    request: APIRequest, invitation: Found, body: InBody[ChangeInvitation], query: InQuery[Nothing]
) -> HttpResponse:
    """Change a pending invitation. Links already sent stay valid and use the new values.

    Give at least one field. `public_metadata` replaces the whole object (null: empty), `redirect_url` null
    leads to the hosted page, `expires_in_days` counts from now (null: 30). 400 if the invitation
    is accepted, revoked or expired.
    """
    values = body.model_dump(exclude_unset=True)
    if not values:
        long_message = "Give at least one of public_metadata, redirect_url and expires_in_days."
        raise nothing_given("public_metadata", long_message)
    with worded():
        invitation.change(by=request.auth, **values)
    return reply(present(invitation, application=request.auth.application))


@router.delete("/{invitation}", response=Deleted)
def delete_invitation(
    request: APIRequest, invitation: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Delete an invitation in any status, with its links and the stored copies of its mail. After that its links
    are unknown. A user who accepted it stays.
    """
    with worded():
        invitation.erase(by=request.auth)
    return reply(Deleted(object="invitation", id=invitation.id, deleted=True))


@router.post("/{invitation}/revoke", response=InvitationObject, exclude_unset=True)
def revoke_invitation(
    request: APIRequest, invitation: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """End a pending or expired invitation permanently: its links stop working, unsent mail is cancelled.

    400 `invitation_already_revoked` or `invitation_already_accepted` if it is already revoked or accepted.
    """
    with worded():
        invitation.revoke(by=request.auth)
    return reply(present(invitation, application=request.auth.application))


@router.post("/{invitation}/resend", response=InvitationObject, exclude_unset=True)
def resend_invitation(
    request: APIRequest, invitation: Found, body: InBody[ResendInvitation], query: InQuery[Nothing]
) -> HttpResponse:
    """Mail an invitation again with a new link, also if `notify` was false. `url` in the response is another new
    link. Links sent before stay valid. All links share one expiry.

    A pending invitation keeps its expiry, and an expired one gets 30 days from now. With `expires_in_days`
    both get that number of days from now. 400 if it is accepted or revoked; at most once a minute and five times
    a day, else 429.
    """
    with worded():
        invitation.resend(by=request.auth, channel=Channel.API, **body.model_dump())
    return reply(
        present(invitation, application=request.auth.application, raw_ticket=invitation.raw_ticket)
    )


@router.post("/{invitation}/link", response=InvitationObject, exclude_unset=True)
def create_link(
    request: APIRequest, invitation: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Create a link to share by chat or on paper, for a pending invitation. This link does not prove the
    address: the visitor proves it with a code that is mailed to the address.
    """
    with worded():
        raw = invitation.mint_link(by=request.auth)
    return reply(
        present(
            invitation, application=request.auth.application, raw_ticket=raw, channel=Channel.SHARED
        )
    )
