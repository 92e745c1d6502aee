"""Signing up from a page of the application. Every rule is a verb's of `sign_up`."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from accounts import devices, sessions
from accounts.frontend_api.attempts import (
    go_on,
    keep,
    named,
    sign_up_with,
    ticket_of_sign_up,
)
from accounts.frontend_api.client import Answer, respond
from accounts.frontend_api.refusals import (
    address_taken,
    already_verified,
    code_refused,
    over,
    password_refused,
    session_exists,
    wanting,
    worded,
)
from accounts.frontend_api.sign_up_body import (
    AttemptVerification,
    PrepareVerification,
    SaySignUp,
    check_address,
    judge,
)
from accounts.frontend_api.sign_up_object import SignUpObject, present_sign_up
from accounts.frontend_api.tickets import find_ticket
from accounts.models import SignUp, User
from accounts.passwords import check_queue
from accounts.posts import counted
from accounts.sign_up import (
    AccountExists,
    begin,
    complete,
    finish,
    say,
    send_code,
    sign_up_with_ticket,
    tell_why_gone,
)
from config.api_input import InBody
from invitations.models import Ticket

router = Router(tags=["Sign-ups"])


@router.post("/client/sign_ups", response=Answer[SignUpObject])
def create_sign_up(request: HttpRequest, body: InBody[SaySignUp]) -> HttpResponse:
    """Begin, by ticket or by address. What is missing may be said later. A ticket of an invitation that this browser
    has begun to accept goes on with that, as after a reload or in a second tab.
    """
    if body.password:
        check_queue()
    if sessions.current(request):
        raise session_exists()
    is_invited = bool(body.ticket) or body.strategy == "ticket"
    ticket = find_ticket(request, raw=body.ticket, limit="frontend_sign_up") if is_invited else None
    with counted(request, "frontend_sign_up", ticket=ticket):
        if ticket and (begun := sign_up_with(request, ticket)):
            go_on(request, begun)
            return _say(request, begun, body=body)
        return _begin(request, body=body, ticket=ticket)


@router.patch("/client/sign_ups/{sign_up_id}", response=Answer[SignUpObject])
def update_sign_up(request: HttpRequest, sign_up_id: str, body: InBody[SaySignUp]) -> HttpResponse:
    """Say what is missing, or correct it. Once all is there and proved, this finishes the sign-up.

    A ticket that is said along decides which sign-up is meant: Clerk's component names the newest one that it
    finds, which may be another tab's.
    """
    if body.ticket:
        return create_sign_up(request, body)
    sign_up = _own(request, sign_up_id)
    with counted(request, "frontend_sign_up", ticket=sign_up.ticket):
        return _say(request, sign_up, body=body)


@router.post("/client/sign_ups/{sign_up_id}/prepare_verification", response=Answer[SignUpObject])
def prepare_sign_up_verification(
    request: HttpRequest, sign_up_id: str, body: InBody[PrepareVerification]
) -> HttpResponse:
    """Mail six digits to the address."""
    sign_up = _unproved(request, sign_up_id)
    with worded():
        send_code(sign_up, request=request)
    return respond(request, present_sign_up(sign_up))


@router.post("/client/sign_ups/{sign_up_id}/attempt_verification", response=Answer[SignUpObject])
def attempt_sign_up_verification(
    request: HttpRequest, sign_up_id: str, body: InBody[AttemptVerification]
) -> HttpResponse:
    """Prove the address by the mailed code; if nothing is missing, this finishes the sign-up."""
    sign_up = _unproved(request, sign_up_id)
    with counted(request, "code_tried", ticket=sign_up.ticket):
        user = _try_code(request, sign_up, code=body.code)
    if user is None:
        # What was missing may have been said meanwhile, in another tab.
        return _go_on(request, sign_up)
    return _finished(request, sign_up, user=user)


def _try_code(request: HttpRequest, sign_up: SignUp, *, code: str) -> User | None:
    if sign_up.missing_fields:  # a proved address is worth something to whoever planted the cookie
        go_on(request, sign_up)
    with worded():
        try:
            return finish(sign_up, code=code)
        except AccountExists as known:
            if sign_up.ticket:
                raise
            # No code was mailed to it: whoever guessed it learns nothing.
            raise code_refused("wrong") from known


def _own(request: HttpRequest, sign_up_id: str, *, renew: bool = True) -> SignUp:
    """Only the browser that began a sign-up may go on with it."""
    if sessions.current(request):
        raise session_exists()
    sign_up, ticket_id = named(request, SignUp, sign_up_id), ticket_of_sign_up(request, sign_up_id)
    if sign_up is None and ticket_id:
        with worded():
            tell_why_gone(ticket_id=ticket_id)
    if sign_up is None:
        raise over()
    go_on(request, sign_up, renew=renew)
    return sign_up


def _unproved(request: HttpRequest, sign_up_id: str) -> SignUp:
    # A code that is asked for, or wrong, gives nobody anything: where its answer is lost, the cookie stays good.
    sign_up = _own(request, sign_up_id, renew=False)
    if not sign_up.email_address:
        raise wanting("email_address")
    if sign_up.is_proved:
        raise already_verified()
    return sign_up


def _begin(request: HttpRequest, *, body: SaySignUp, ticket: Ticket | None) -> HttpResponse:
    address = ticket.invitation.address if ticket else body.email_address
    check_address(body, invited=address if ticket else None)
    fault = judge(body, email_address=address.email_address if address else "", ticket=ticket)
    if ticket and ticket.proves_address and body.password and not fault:
        return _come_in(request, ticket=ticket, body=body)
    with worded():
        sign_up = begin(address=address, ticket=ticket, **body.kept(fault))
    keep(request, sign_up)  # a weak password does not lose the invitation
    if fault:
        raise password_refused(fault)
    return _go_on(request, sign_up)


def _come_in(request: HttpRequest, *, ticket: Ticket, body: SaySignUp) -> HttpResponse:
    """Everything is said at once and proved: no row need keep what is on its way."""
    with worded():
        user = sign_up_with_ticket(ticket, password=body.password, **body.named())
    joined = {"password": user.password, "completed_at": user.created_at, **body.named()}
    joined |= ticket.invitation.address._asdict()
    sign_up = SignUp(ticket=ticket, created_at=user.created_at, **joined)
    return _finished(request, sign_up, user=user)


def _say(request: HttpRequest, sign_up: SignUp, *, body: SaySignUp) -> HttpResponse:
    address, ticket = body.email_address, sign_up.ticket
    check_address(body, invited=ticket.invitation.address if ticket else None)
    typed = (address or sign_up).email_address
    fault = judge(body, email_address=typed, ticket=ticket, sign_up=sign_up)
    with worded():
        say(sign_up, address=address, **body.kept(fault))
    if fault:
        raise password_refused(fault)
    return _go_on(request, sign_up)


def _go_on(request: HttpRequest, sign_up: SignUp) -> HttpResponse:
    if not sign_up.is_proved or sign_up.missing_fields:
        return respond(request, present_sign_up(sign_up))
    with worded():
        try:
            user = complete(sign_up)
        except AccountExists as known:
            if sign_up.ticket:
                raise
            raise address_taken() from known
    return _finished(request, sign_up, user=user)


def _finished(request: HttpRequest, sign_up: SignUp, *, user: User) -> HttpResponse:
    with worded():
        session = sessions.open_for_application(request, user=user)
    devices.remember(request, user=user)
    return respond(request, present_sign_up(sign_up, session=session))
