"""Create many invitations in one call: all or none. The error response lists the faults of all rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field, ValidationError

from accounts.addresses import InvalidAddress, normalise_email
from accounts.models import Application
from config.api_errors import APIRefusal, error, parameter_error
from config.api_input import APIRequest, InQuery, InRows
from config.api_output import reply
from invitations.api.invitation_object import InvitationObject, present
from invitations.api.parameters import CreateInvitation, CreateMany
from invitations.api.refusals import already_invited, already_user, nothing_given
from invitations.models import Asked, BulkRefused, Channel, Invitation, InvitationRefused

router = Router()

Verdict = Literal["create", "duplicate", "existing_user", "blocked", "invalid"]
_FAULTS_OF_A_ROW = 10  # limit in a response; a body of 2 MiB could have 100,000 unknown keys


@dataclass(frozen=True)
class Row:
    """One row of the request: the validated data, or the faults."""

    index: int
    sent: Any
    asked: Asked | None = None
    faults: tuple[dict, ...] = ()


class Result(BaseModel):
    index: int
    email_address: Annotated[str | None, Field(description="normalised, or as sent")]
    verdict: Verdict
    errors: list[dict] = []


class DryRun(BaseModel):
    object: Literal["invitation_dry_run"]
    would_create: int
    results: list[Result]


@router.post("", response=list[InvitationObject] | DryRun, exclude_unset=True)
def create_invitations(
    request: APIRequest, rows: InRows[CreateInvitation], query: InQuery[CreateMany]
) -> HttpResponse:
    """Create up to 10 invitations (the operator of this installation may allow up to 1,000), all or none.
    The response is an array in the order of the rows.

    Rows are checked as if created one after another, so a second row with the same address is a duplicate, unless it
    sets `ignore_existing`. The error response lists all failing rows: `meta.index` counts rows from 0, and one
    `duplicate_record` lists all addresses that are already invited.

    With `dry_run=true` nothing is created or sent: the response shows for each row what would happen.
    """
    _check_size(rows)
    application = request.auth.application
    read = list(_read(rows, application=application))
    if query.dry_run:
        return reply(_tried(read))
    if not rows:
        raise nothing_given("email_address", "Send a JSON array with at least one invitation.")
    asked = [row.asked for row in read if row.asked]
    if len(asked) < len(read):
        raise _refusal(read, verdicts=Invitation.objects.judge(asked))
    try:
        made = Invitation.objects.create_all(asked, by=request.auth, channel=Channel.API)
    except BulkRefused as refused:
        refusals = dict(refused.refusals)
        raise _refusal(read, verdicts=[refusals.get(row.index) for row in read]) from refused
    told = [present(each, application=application, raw_ticket=each.raw_ticket) for each in made]
    return reply(told)


def _check_size(rows: Sequence[Any]) -> None:
    if len(rows) > settings.BULK_SIZE:
        long_message = f"Send at most {settings.BULK_SIZE} rows in one call."
        raise APIRefusal(400, error("bulk_size_exceeded", "too many rows", long_message))


def _read(rows: Sequence[Any], *, application: Application) -> Iterator[Row]:
    for index, sent in enumerate(rows):
        if not isinstance(sent, dict):
            long_message = "Each row must be a JSON object."
            fault = error("form_param_value_invalid", "is invalid", long_message, index=index)
            yield Row(index, sent, faults=(fault,))
            continue
        try:
            body = CreateInvitation.model_validate(sent, context=application)
        except ValidationError as wrong:
            yield Row(index, sent, faults=tuple(_faults(wrong, index=index)))
        else:
            yield Row(index, sent, asked=body.asked)


def _faults(wrong: ValidationError, *, index: int) -> Iterator[dict]:
    for fault in wrong.errors(include_url=False, include_input=False)[:_FAULTS_OF_A_ROW]:
        told = parameter_error({**fault, "loc": ("body", *fault["loc"])})
        yield {**told, "meta": {**told["meta"], "index": index}}


def _judged(
    read: Sequence[Row], *, verdicts: Sequence[InvitationRefused | None]
) -> Iterator[tuple[Row, InvitationRefused | None]]:
    """Yield each row with its verdict. Invalid rows have none (None)."""
    remaining = iter(verdicts)
    return ((row, next(remaining) if row.asked else None) for row in read)


def _refusal(read: Sequence[Row], *, verdicts: Sequence[InvitationRefused | None]) -> APIRefusal:
    """Return the error response with the faults of all rows.

    Duplicates share one error element, because they are not faults of the request body.
    """
    faults: list[dict] = []
    duplicates: list[str] = []
    for row, refused in _judged(read, verdicts=verdicts):
        faults += row.faults
        if refused and refused.reason == "duplicate":
            duplicates.append(refused.email_address)
        elif refused:
            faults.append(_taken(row, refused))
    status = 422 if faults else 400
    if duplicates:
        addresses = list(dict.fromkeys(duplicates))
        faults.append(already_invited(*addresses, email_addresses=addresses))
    return APIRefusal(status, *faults)


def _tried(read: Sequence[Row]) -> DryRun:
    verdicts = Invitation.objects.judge([row.asked for row in read if row.asked])
    results = [_result(row, refused) for row, refused in _judged(read, verdicts=verdicts)]
    would_create = sum(each.verdict == "create" for each in results)
    return DryRun(object="invitation_dry_run", would_create=would_create, results=results)


def _result(row: Row, refused: InvitationRefused | None) -> Result:
    address = row.asked.address.email_address if row.asked else _as_sent(row.sent)
    verdict, faults = _verdict(row, refused)
    optional: dict[str, Any] = {"errors": faults} if faults else {}
    return Result(index=row.index, email_address=address, verdict=verdict, **optional)


def _verdict(row: Row, refused: InvitationRefused | None) -> tuple[Verdict, list[dict]]:
    if row.faults:
        return "invalid", list(row.faults)
    if not refused:
        return "create", []
    if refused.reason == "duplicate":
        return "duplicate", [already_invited(refused.email_address, index=row.index)]
    return "existing_user", [_taken(row, refused)]


def _taken(row: Row, refused: InvitationRefused) -> dict:
    return already_user(refused.email_address, param_name="email_address", index=row.index)


def _as_sent(sent: Any) -> str | None:
    """Return the address of an invalid row: normalised if it is a valid address, else the text as sent."""
    text = sent.get("email_address") if isinstance(sent, dict) else None
    try:
        return normalise_email(text).email_address
    except InvalidAddress:
        # JSON may contain half of a surrogate pair, which UTF-8 cannot encode.
        return text.encode(errors="replace").decode() if isinstance(text, str) else None
