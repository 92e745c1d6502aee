"""The request bodies and query parameters of the invitation endpoints."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from accounts.models import Application
from config.api_input import Address, Metadata, Told, invalid
from config.api_query import (
    Limit,
    Offset,
    QueryAddress,
    QueryBoolean,
    QueryList,
    StartingAfter,
    ordering,
)
from invitations.destination import lists
from invitations.models import DEFAULT_DAYS, MAX_DAYS, Asked, Status
from invitations.targets import InvalidTarget, clean_target

UNREVOKED = [Status.PENDING, Status.ACCEPTED, Status.EXPIRED]


def _judge_target(text: object, info: ValidationInfo) -> str:
    """Validate a redirect URL.

    In a bulk call the application comes in `info.context`, so that it is read only once.
    """
    application = info.context or Application.objects.current()
    try:
        return clean_target(text, **lists(application))
    except InvalidTarget as fault:
        raise invalid(str(fault), code=fault.code) from fault


Target = Annotated[str | None, PlainValidator(_judge_target, json_schema_input_type=str)]


class CreateInvitation(Told):
    email_address: Address
    public_metadata: Metadata = {}
    redirect_url: Target = None
    notify: bool = True
    ignore_existing: bool = False
    expires_in_days: int = Field(DEFAULT_DAYS, ge=1, le=MAX_DAYS)
    template_slug: Literal["invitation", "waitlist_invitation"] = "invitation"

    @property
    def asked(self) -> Asked:
        return Asked(address=self.email_address, **self.model_dump(exclude={"email_address"}))


class ChangeInvitation(Told):
    """Null means the default, as elsewhere. But here a null field counts as given, so it sets the default."""

    public_metadata: Metadata = {}
    redirect_url: Target = None
    expires_in_days: int = Field(DEFAULT_DAYS, ge=1, le=MAX_DAYS)

    @model_validator(mode="wrap")
    @classmethod
    def _nulls_are_given(
        cls, document: dict[str, Any], judge: ModelWrapValidatorHandler[Self]
    ) -> Self:
        body = judge(document)
        body.model_fields_set.update(document)
        return body


class ResendInvitation(Told):
    expires_in_days: int | None = Field(None, ge=1, le=MAX_DAYS)


class ListInvitations(BaseModel):
    status: QueryList[Status] = UNREVOKED
    query: QueryAddress = ""
    order_by: Annotated[tuple[str, ...], ordering("created_at", "email_address", "expires_at")] = (
        "-created_at",
        "-id",
    )
    limit: Limit = 10
    offset: Offset = 0
    starting_after: StartingAfter = ""
    paginated: QueryBoolean = False

    @property
    def is_whole(self) -> bool:
        """True for the list without filters: all that are not revoked. `counters` holds the total of these."""
        return not self.query and set(self.status) == set(UNREVOKED)


class CreateMany(Told):
    dry_run: QueryBoolean = False
