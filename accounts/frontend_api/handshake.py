"""Where a server of an application sends a browser whose token is missing or too old: it comes back with a new one.

The answer is a redirect, since it is the browser itself that asks. With it go the cookies for the application's host,
signed by us; Clerk's packages verify and set them. Nothing changes here. Any page may lead a browser here, and it
ends where it is welcome.
"""

from http.cookies import Morsel
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from ninja import Router

from accounts import sessions, tokens
from accounts.frontend_api.said import Said
from accounts.models import Application
from accounts.publishable_key import cookie_suffix
from config import signed_in_cookie
from config.api_errors import APIRefusal, error
from config.api_input import InQuery
from config.api_query import QueryText
from config.database import now
from config.frontend_door import own_origin

router = Router(tags=["Client"])

_SCHEMES = {"http", "https"}
_PARAMETER = "__clerk_handshake"
_TOKEN = "__session"  # noqa: S105 (a cookie's name)


class Handshake(Said):
    """Clerk's packages say more, such as why they ask; that has no effect."""

    redirect_url: QueryText


@router.get("/client/handshake", response={307: None})
def shake_hands(request: HttpRequest, query: InQuery[Handshake]) -> HttpResponse:
    """Go back to `redirect_url`, which `__clerk_handshake` tells who is signed in in this browser, if anybody is."""
    back = _welcome(query.redirect_url)
    signed = tokens.mint_handshake(_cookies(request, back=back))
    kept = [pair for pair in back.query.split("&") if pair and not pair.startswith(_PARAMETER)]
    there = back._replace(query="&".join([*kept, f"{_PARAMETER}={signed}"])).geturl()
    return HttpResponse(status=307, headers={"Location": iri_to_uri(there)})


def _welcome(redirect_url: str) -> SplitResult:
    try:
        back = urlsplit(redirect_url)
    except ValueError:
        back = urlsplit("")
    welcome = {own_origin(), *Application.objects.current().allowed_origins}
    # An app may call, but nobody is led to one.
    if back.scheme in _SCHEMES and _origin(back) in welcome:
        return back
    long_message = (
        f"Nobody is sent back to {redirect_url[:200]}. An admin can allow its origin in Settings."
    )
    raise APIRefusal(
        400,
        error("origin_invalid", "origin is not allowed", long_message, param_name="redirect_url"),
    )


def _cookies(request: HttpRequest, *, back: SplitResult) -> list[str]:
    """As headers `Set-Cookie` have them: the token and `__client_uat`, or what clears both."""
    session, origin, suffix = sessions.current(request), _origin(back), cookie_suffix()
    token = tokens.mint(session, origin=origin) if session else ""
    seconds = int((session.expires_at - now()).total_seconds()) if session else 0
    since, domain = signed_in_cookie.since(request), signed_in_cookie.shared_domain(origin)
    secure = back.scheme == "https"
    here = signed_in_cookie.attributes(seconds, secure=secure)
    shared = signed_in_cookie.attributes(seconds, secure=secure, domain=domain)
    return [
        *(_written(name, token, attributes=here) for name in (_TOKEN, f"{_TOKEN}_{suffix}")),
        *(_written(name, since, attributes=shared) for name in signed_in_cookie.names()),
    ]


def _written(name: str, value: str, *, attributes: dict[str, str]) -> str:
    """Python by itself would write an empty value as two quotation marks, which Clerk's packages take for a token."""
    cookie: Morsel = Morsel()
    cookie.set(name, value, value)
    cookie.update(attributes)
    return cookie.OutputString()


def _origin(url: SplitResult) -> str:
    return f"{url.scheme}://{url.netloc}"
