from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from pydantic import BaseModel

from accounts import tokens
from accounts.models import User
from accounts.sessions import BrowserSession
from accounts.user_object import OwnUserObject, present_own
from config.api_output import Whole, milliseconds
from config.frontend_door import page_origin


class TokenObject(BaseModel):
    object: Literal["token"]
    jwt: str


class PublicUserData(Whole):
    first_name: str | None
    last_name: str | None
    image_url: str = ""
    has_image: bool = False
    identifier: str
    user_id: str


class SessionObject(Whole):
    object: Literal["session"]
    id: str
    status: Literal["active", "ended", "removed"]
    expire_at: int
    abandon_at: int
    last_active_at: int
    last_active_organization_id: None = None
    actor: None = None
    tasks: None = None
    factor_verification_age: tuple[int, int]
    created_at: int
    updated_at: int
    user: OwnUserObject
    public_user_data: PublicUserData
    last_active_token: TokenObject | None


def token(session: BrowserSession, *, origin: str) -> TokenObject:
    """A token says for which page it is (`azp`)."""
    return TokenObject(object="token", jwt=tokens.mint(session, origin=origin))


def present_session(
    session: BrowserSession,
    *,
    request: HttpRequest,
    status: Literal["active", "ended", "removed"],
    moment: datetime,
) -> SessionObject:
    """Where nobody knows which page asks there is no token here; Clerk's packages then ask for one by POST."""
    user = session.user
    origin = page_origin(request, last=session.origin) if status == "active" else ""
    return SessionObject(
        object="session",
        id=session.id,
        status=status,
        expire_at=milliseconds(session.expires_at),
        abandon_at=milliseconds(session.expires_at),
        last_active_at=milliseconds(moment),
        # Minutes since the first and the second factor; -1 stands for none.
        factor_verification_age=(
            _minutes(session.created_at, moment=moment),
            _minutes(session.second_factor_at, moment=moment),
        ),
        created_at=milliseconds(session.created_at),
        updated_at=milliseconds(moment),
        user=present_own(user),
        public_user_data=_public_data(user),
        last_active_token=token(session, origin=origin) if origin else None,
    )


def _minutes(since: datetime | None, *, moment: datetime) -> int:
    """Of two clocks, ours and the database's: nothing was proved in the future."""
    return max(0, int((moment - since).total_seconds() // 60)) if since else -1


def _public_data(user: User) -> PublicUserData:
    return PublicUserData(
        first_name=user.first_name or None,
        last_name=user.last_name or None,
        identifier=user.email_address,
        user_id=user.pk,
    )
