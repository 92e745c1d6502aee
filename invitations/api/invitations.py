import re
from typing import Annotated, Literal

from django.db import transaction
from django.http import Http404
from ninja import Router
from pydantic import BaseModel, BeforeValidator, Field, PlainValidator

from accounts.addresses import NormalisedAddress, normalise_email
from accounts.metadata import clean_metadata
from accounts.models import Application
from config.api_errors import APIRefusal, error
from config.api_input import APIRequest, InBody, InQuery, Nothing, Told, cleaned, given
from config.api_query import Limit, Offset, QueryBoolean, QueryList, QueryText, ordering
from invitations.api.invitation_object import InvitationObject, InvitationPage, present, present_new
from invitations.models import Channel, Invitation, InvitationClosed, InvitationRefused, Status
from invitations.models.creating import DEFAULT_DAYS, MAX_DAYS
from invitations.targets import clean_target

router = Router()

_ID = re.compile("inv_[0-9A-Za-z]{27}")


def _clean_redirect_url(text: object) -> str:
    application = Application.objects.current()
    return clean_target(
        text, origins=application.redirect_origins, hosted=application.hosted_origins
    )


def _find(invitation_id: str) -> Invitation:
    if not _ID.fullmatch(invitation_id):
        raise Http404
    try:
        return Invitation.objects.get(pk=invitation_id)
    except Invitation.DoesNotExist as missing:
        raise Http404 from missing


Found = Annotated[Invitation, PlainValidator(_find, json_schema_input_type=str)]


class CreateInvitation(Told):
    email_address: Annotated[
        NormalisedAddress, cleaned(normalise_email, takes=str), BeforeValidator(given)
    ]
    public_metadata: Annotated[dict, cleaned(clean_metadata, takes=dict)] = {}
    redirect_url: Annotated[str | None, cleaned(_clean_redirect_url, takes=str)] = None
    notify: bool = True
    ignore_existing: bool = False
    expires_in_days: int = Field(DEFAULT_DAYS, ge=1, le=MAX_DAYS)
    template_slug: Literal["invitation", "waitlist_invitation"] = "invitation"


class ListInvitations(BaseModel):
    status: QueryList[Status] = [Status.PENDING, Status.ACCEPTED, Status.EXPIRED]
    query: QueryText = ""
    order_by: Annotated[tuple[str, ...], ordering("created_at", "email_address", "expires_at")] = (
        "-created_at",
        "-id",
    )
    limit: Limit = 10
    offset: Offset = 0
    paginated: QueryBoolean = False


@router.post("/invitations", response=InvitationObject, exclude_unset=True)
def create_invitation(
    request: APIRequest, body: InBody[CreateInvitation], query: InQuery[Nothing]
) -> InvitationObject:
    try:
        invitation = Invitation.objects.create_pending(
            address=body.email_address,
            by=request.auth,
            channel=Channel.API,
            **body.model_dump(exclude={"email_address"}),
        )
    except InvitationRefused as refused:
        raise _not_made(refused) from refused
    return present_new(invitation)


@router.api_operation(
    ["GET", "HEAD"],
    "/invitations",
    response=list[InvitationObject] | InvitationPage,
    exclude_unset=True,
)
def list_invitations(
    request: APIRequest, query: InQuery[ListInvitations]
) -> list[InvitationObject] | InvitationPage:
    invitations = Invitation.objects.in_status(*query.status).matching(query.query)
    page = invitations.with_delivery().order_by(*query.order_by)[
        query.offset : query.offset + query.limit
    ]
    data = [present(invitation) for invitation in page]
    return InvitationPage(data=data, total_count=invitations.count()) if query.paginated else data


@router.post("/invitations/{invitation}/revoke", response=InvitationObject, exclude_unset=True)
def revoke_invitation(
    request: APIRequest, invitation: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> InvitationObject:
    try:
        with (
            transaction.atomic()
        ):  # and read again in it: nothing that can fail runs after the commit
            invitation.revoke(by=request.auth)
            return present(Invitation.objects.with_delivery().get(pk=invitation.pk))
    except InvitationClosed as closed:
        raise _closed(closed) from closed


def _not_made(refused: InvitationRefused) -> APIRefusal:
    address = refused.email_address
    if refused.reason == "address_taken":
        long_message = f"A user with the address {address} exists."
        taken = error(
            "form_identifier_exists", "already a user", long_message, param_name="email_address"
        )
        return APIRefusal(422, taken)
    long_message = f"Pending invitations exist for: {address}"
    return APIRefusal(
        400, error("duplicate_record", "already invited", long_message, email_addresses=[address])
    )


def _closed(closed: InvitationClosed) -> APIRefusal:
    code, message = f"invitation_already_{closed.reason}", f"already {closed.reason}"
    return APIRefusal(400, error(code, message, f"The invitation is {message}."))
