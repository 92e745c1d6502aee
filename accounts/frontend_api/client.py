"""The browser, as the Frontend API knows it: who is signed in, and what is on its way."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from accounts import sessions
from accounts.frontend_api.attempts import newest
from accounts.frontend_api.session_object import SessionObject, present_session
from accounts.frontend_api.sign_in_object import SignInObject, present_sign_in
from accounts.frontend_api.sign_up_object import SignUpObject, present_sign_up
from accounts.models import SignIn, SignUp
from config.api_output import milliseconds, reply
from config.database import now
from config.ids import new_id

router = Router(tags=["Client"])


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


def present_client(request: HttpRequest, *, shown: SessionObject | None = None) -> ClientObject:
    """`shown` is the session, where it is part of the answer already."""
    browser, session = sessions.known(request), sessions.current(request)
    moment = now()
    if session and not shown:
        shown = present_session(session, request=request, status="active", moment=moment)
    begun, entering = newest(request, SignUp), newest(request, SignIn)
    return ClientObject(
        object="client",
        id=browser.pk if browser else new_id("client"),
        sessions=[shown] if session and shown else [],
        sign_in=present_sign_in(entering) if entering else None,
        sign_up=present_sign_up(begun) if begun else None,
        last_active_session_id=session.id if session else None,
        last_authentication_strategy=None,
        cookie_expires_at=None,
        captcha_bypass=False,
        created_at=milliseconds(browser.created_at if browser else moment),
        updated_at=milliseconds(moment),
    )


def respond(request: HttpRequest, document: BaseModel) -> HttpResponse:
    shown = document if isinstance(document, SessionObject) else None
    client = present_client(request, shown=shown)
    return reply(Answer[type(document)](response=document, client=client))  # type: ignore[misc, operator]
