"""Signing in from a page of the application. Every rule is a verb's of `accounts/sign_in.py`."""

from contextlib import suppress
from typing import Literal

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic_core import PydanticCustomError

from accounts import sessions
from accounts.forms.user_fields import judge_password
from accounts.frontend_api.attempts import go_on, keep, named
from accounts.frontend_api.client import Answer, respond
from accounts.frontend_api.refusals import (
    other_address,
    over,
    password_refused,
    session_exists,
    wanting,
    worded,
)
from accounts.frontend_api.said import Code, Said, Secret, TicketText
from accounts.frontend_api.sign_in_object import SignInObject, present_sign_in
from accounts.frontend_api.tickets import find_ticket
from accounts.judge import SecondFactorOwed
from accounts.models import FirstFactor, SignIn
from accounts.passwords import check_queue
from accounts.posts import counted
from accounts.sign_in import (
    begin,
    enter,
    send_code,
    set_password,
    try_code,
    try_password,
    try_second_factor,
)
from config.api_input import Address, InBody
from invitations.models import Ticket

router = Router(tags=["Sign-ins"])
CodeStrategy = Literal["email_code", "reset_password_email_code"]


class CreateSignIn(Said):
    identifier: Address | None = None
    strategy: Literal["password", "ticket", "email_code", "reset_password_email_code"] | None = None
    password: Secret = ""
    ticket: TicketText = ""


class PrepareFirstFactor(Said):
    strategy: CodeStrategy


class AttemptFirstFactor(Said):
    strategy: Literal["password", "email_code", "reset_password_email_code"]
    password: Secret = ""
    code: Code = ""


class AttemptSecondFactor(Said):
    strategy: Literal["totp", "backup_code"]
    code: Code


class ResetPassword(Said):
    password: Secret


@router.post("/client/sign_ins", response=Answer[SignInObject])
def create_sign_in(request: HttpRequest, body: InBody[CreateSignIn]) -> HttpResponse:
    """Begin, with an address or with the ticket of an invitation for somebody who has an account. A password
    or the wish for a code may come along.
    """
    if body.password:
        check_queue()
    _refuse_who_is_in(request)
    is_invited = bool(body.ticket) or body.strategy == "ticket"
    ticket = find_ticket(request, raw=body.ticket, limit="frontend_sign_in") if is_invited else None
    with counted(request, "frontend_sign_in", ticket=ticket):
        return _begin(request, body=body, ticket=ticket)


def _begin(request: HttpRequest, *, body: CreateSignIn, ticket: Ticket | None) -> HttpResponse:
    address = ticket.invitation.address if ticket else body.identifier
    if address is None:
        raise wanting("identifier")
    if body.identifier not in (None, address):
        raise other_address("identifier")
    with worded():
        sign_in = begin(address=address, ticket=ticket)
    keep(request, sign_in)
    with worded():
        if body.password:
            try_password(sign_in, password=body.password, request=request)
        elif body.strategy in {FirstFactor.EMAIL_CODE, FirstFactor.RESET}:
            send_code(sign_in, purpose=FirstFactor(body.strategy), request=request)
    return _go_on(request, sign_in)


@router.post("/client/sign_ins/{sign_in_id}/prepare_first_factor", response=Answer[SignInObject])
def prepare_first_factor(
    request: HttpRequest, sign_in_id: str, body: InBody[PrepareFirstFactor]
) -> HttpResponse:
    """Mail six digits to the address, if somebody has it."""
    sign_in = _own(request, sign_in_id, status="needs_first_factor", renew=False)
    with worded():
        send_code(sign_in, purpose=FirstFactor(body.strategy), request=request)
    return _go_on(request, sign_in)


@router.post("/client/sign_ins/{sign_in_id}/attempt_first_factor", response=Answer[SignInObject])
def attempt_first_factor(
    request: HttpRequest, sign_in_id: str, body: InBody[AttemptFirstFactor]
) -> HttpResponse:
    """Prove who it is, by password or by the mailed code."""
    if body.password:
        check_queue()
    sign_in = _own(request, sign_in_id, status="needs_first_factor")
    if body.strategy == "password":
        if not body.password:
            raise wanting("password")
        with worded():
            try_password(sign_in, password=body.password, request=request)
        return _go_on(request, sign_in)
    if not body.code:
        raise wanting("code")
    with counted(request, "code_tried", ticket=sign_in.ticket), worded():
        try_code(sign_in, code=body.code, purpose=FirstFactor(body.strategy))
    return _go_on(request, sign_in)


@router.post("/client/sign_ins/{sign_in_id}/attempt_second_factor", response=Answer[SignInObject])
def attempt_second_factor(
    request: HttpRequest, sign_in_id: str, body: InBody[AttemptSecondFactor]
) -> HttpResponse:
    """The code of an authenticator app, or one of the recovery codes."""
    sign_in = _own(request, sign_in_id, status="needs_second_factor")
    with worded():
        try_second_factor(sign_in, strategy=body.strategy, code=body.code)
    return _finish(request, sign_in, second_factor=body.strategy)


@router.post("/client/sign_ins/{sign_in_id}/reset_password", response=Answer[SignInObject])
def reset_password(
    request: HttpRequest, sign_in_id: str, body: InBody[ResetPassword]
) -> HttpResponse:
    """Choose a new password, once the mailed code was right. All other sessions end."""
    sign_in = _own(request, sign_in_id, status="needs_new_password")
    assert sign_in.user, "somebody has proved who they are"
    try:
        judge_password(body.password, person=sign_in.user)
    except PydanticCustomError as fault:
        raise password_refused(fault) from fault
    with worded():
        set_password(sign_in, password_hash=make_password(body.password))
    return _go_on(request, sign_in)


def _refuse_who_is_in(request: HttpRequest) -> None:
    if sessions.current(request):
        raise session_exists()


def _own(request: HttpRequest, sign_in_id: str, *, status: str, renew: bool = True) -> SignIn:
    """Only the browser that began a sign-in may go on with it, and only with its next step."""
    _refuse_who_is_in(request)
    sign_in = named(request, SignIn, sign_in_id)
    if sign_in is None or sign_in.status != status:
        raise over()
    go_on(request, sign_in, renew=renew)
    return sign_in


def _go_on(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    # Only of who has proved themselves it is asked who they are: nobody's address costs the same work.
    if sign_in.status == "needs_second_factor":
        with suppress(SecondFactorOwed):
            return _finish(request, sign_in)
    return respond(request, present_sign_in(sign_in))


def _finish(request: HttpRequest, sign_in: SignIn, *, second_factor: str = "") -> HttpResponse:
    with worded():
        session = enter(request, sign_in, second_factor=second_factor)
    told = present_sign_in(sign_in, session=session, second_factor=second_factor)
    return respond(request, told)
