"""The browser, as the Frontend API knows it: who is signed in, and what is on its way."""

from datetime import UTC, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from accounts import sessions
from accounts.frontend_api.session_object import SessionObject, present_session
from accounts.frontend_api.sign_in_object import SignInObject, present_sign_in
from accounts.frontend_api.sign_up_object import SignUpObject, present_sign_up
from accounts.models import SignIn, SignUp
from accounts.sessions import BrowserSession
from config.api_output import milliseconds, reply
from config.database import now
from config.ids import new_id

router = Router(tags=["Client"])

_CLIENT, _SINCE = "client_id", "client_since"
_SIGN_UP, _SIGN_IN, _TICKET = "sign_up_id", "sign_in_id", "sign_up_ticket"


class ClientObject(BaseModel):
    object: Literal["client"]
    id: str
    sessions: list[SessionObject]
    sign_in: SignInObject | None
    sign_up: SignUpObject | None
    last_active_session_id: str | None
    last_authentication_strategy: None
    cookie_expires_at: None  # a time would send Clerk's component off to have it put off
    captcha_bypass: bool
    created_at: int
    updated_at: int


class Answer[Told: BaseModel](BaseModel):
    """Whatever was asked for, and what became of the client by it."""

    response: Told
    client: ClientObject


class ClientAnswer(BaseModel):
    response: ClientObject
    client: None


@router.get("/client", response=ClientAnswer)
def get_client(request: HttpRequest) -> HttpResponse:
    """Who is signed in in this browser, and what it has begun. Asking changes nothing."""
    return reply(ClientAnswer(response=present_client(request), client=None))


def present_client(request: HttpRequest) -> ClientObject:
    session = sessions.current(request)
    kept = request.session
    moment = now()
    since = session.created_at if session else moment
    if _SINCE in kept:
        since = datetime.fromtimestamp(kept[_SINCE], UTC)
    begun, entering = sign_up_of(request), sign_in_of(request)
    return ClientObject(
        object="client",
        id=_client_id(request, session=session),
        sessions=[present_session(session, request=request, status="active")] if session else [],
        sign_in=present_sign_in(entering) if entering else None,
        sign_up=present_sign_up(begun) if begun else None,
        last_active_session_id=session.id if session else None,
        last_authentication_strategy=None,
        cookie_expires_at=None,
        captcha_bypass=False,
        created_at=milliseconds(since),
        updated_at=milliseconds(moment),
    )


def _client_id(request: HttpRequest, *, session: BrowserSession | None) -> str:
    """Whoever signed in on a hosted page has begun nothing here; their session's name serves as well."""
    kept = request.session.get(_CLIENT)
    if session and not kept:
        return session.id.replace("sess_", "client_")
    return kept or new_id("client")


def sign_up_of(request: HttpRequest) -> SignUp | None:
    """The unfinished sign-up that this browser began."""
    begun = request.session.get(_SIGN_UP)
    return SignUp.objects.unfinished().filter(pk=begun).first() if begun else None


def sign_in_of(request: HttpRequest) -> SignIn | None:
    begun = request.session.get(_SIGN_IN)
    return SignIn.objects.unfinished().filter(pk=begun).first() if begun else None


def keep(request: HttpRequest, attempt: SignUp | SignIn) -> None:
    """Let this browser, and no other, go on with what it began: a cookie that somebody planted, and knows, is
    worth nothing from here on (R-O1).
    """
    request.session.setdefault(_CLIENT, new_id("client"))
    request.session.setdefault(_SINCE, now().timestamp())
    request.session[_SIGN_UP if isinstance(attempt, SignUp) else _SIGN_IN] = attempt.pk
    if request.session.session_key:
        request.session.cycle_key()
    if isinstance(attempt, SignUp):
        request.session[_TICKET] = attempt.ticket_id


def ticket_of_sign_up(request: HttpRequest) -> int | None:
    """The ticket that this browser's sign-up began with, even when the sign-up is no more."""
    return request.session.get(_TICKET)


def forget_attempts(request: HttpRequest) -> None:
    for name in (_SIGN_UP, _SIGN_IN, _TICKET):
        request.session.pop(name, None)


def respond(request: HttpRequest, document: BaseModel) -> HttpResponse:
    client = present_client(request)
    return reply(Answer[type(document)](response=document, client=client))  # type: ignore[misc, operator]
