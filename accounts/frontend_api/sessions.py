"""The session of this browser, and its end."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from accounts import sessions
from accounts.frontend_api.client import Answer, ClientAnswer, present_client, respond
from accounts.frontend_api.client import router as client
from accounts.frontend_api.refusals import signed_out
from accounts.frontend_api.said import Said
from accounts.frontend_api.session_object import SessionObject, TokenObject, present_session, token
from accounts.sessions import BrowserSession
from accounts.user_object import OwnUserObject, present_own
from config.api_input import InBody
from config.api_output import reply
from config.database import now
from config.frontend_door import page_origin

router = Router(tags=["Sessions"])


class Empty(Said):
    """Whatever is said has no effect."""


@router.post("/client/sessions/{session_id}/touch", response=Answer[SessionObject])
def touch_session(request: HttpRequest, session_id: str, body: InBody[Empty]) -> HttpResponse:
    """Go on with the session, as Clerk's component does once somebody is in."""
    session = _own(request, session_id)
    return respond(
        request, present_session(session, request=request, status="active", moment=now())
    )


@router.post("/client/sessions/{session_id}/tokens", response=TokenObject)
def create_session_token(
    request: HttpRequest, session_id: str, body: InBody[Empty]
) -> HttpResponse:
    """A fresh token, good for a minute, for the application's own servers."""
    session = _own(request, session_id)
    return reply(token(session, origin=page_origin(request, last=session.origin)))


@router.post("/client/sessions/{session_id}/end", response=Answer[SessionObject])
def end_session(request: HttpRequest, session_id: str, body: InBody[Empty]) -> HttpResponse:
    """Sign out. The last token lives on for at most a minute."""
    return _end(request, session_id, status="ended")


@router.post("/client/sessions/{session_id}/remove", response=Answer[SessionObject])
def remove_session(request: HttpRequest, session_id: str, body: InBody[Empty]) -> HttpResponse:
    """Sign out, and let this browser forget that anybody was signed in."""
    return _end(request, session_id, status="removed")


# In the client's router: of two routers with one path, the first answers for both.
@client.delete("/client", response=ClientAnswer)
def delete_client(request: HttpRequest, body: InBody[Empty]) -> HttpResponse:
    """Sign out, and forget what this browser has begun."""
    return _forget(request)


@router.delete("/client/sessions", response=ClientAnswer)
def delete_sessions(request: HttpRequest, body: InBody[Empty]) -> HttpResponse:
    """The same, as `signOut()` of Clerk's component asks for it."""
    return _forget(request)


@router.get("/me", response=Answer[OwnUserObject])
def get_me(request: HttpRequest) -> HttpResponse:
    """Who is signed in."""
    session = sessions.current(request)
    if session is None:
        raise signed_out()
    return respond(request, present_own(session.user))


def _forget(request: HttpRequest) -> HttpResponse:
    sessions.close_session(request)
    return reply(ClientAnswer(response=present_client(request), client=None))


def _end(
    request: HttpRequest, session_id: str, *, status: Literal["ended", "removed"]
) -> HttpResponse:
    session = _own(request, session_id)
    ended = present_session(session, request=request, status=status, moment=now())
    sessions.close_session(request)
    return respond(request, ended)


def _own(request: HttpRequest, session_id: str) -> BrowserSession:
    session = sessions.current(request)
    if session is None or session.id != session_id:
        raise signed_out()
    return session
