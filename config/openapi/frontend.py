"""The Frontend API's part of its OpenAPI description: introduction, tags, security."""

from config import client_cookie
from config.frontend_api import frontend
from config.openapi import frontend_examples as examples
from config.openapi.book import Book
from config.openapi.frontend_errors import REFUSALS

_DESCRIPTION = """\
Let people sign up and sign in on a page of your own application.

The base URL is `{base}/__clerk/v1`, or `/__clerk/v1` of an application that passes these requests on. No key is
needed: a browser is known by its cookie `__client`, which only Ollio reads. So send cookies along (in `fetch`:
`credentials: "include"`), from a page of this installation or of an origin that Settings allows.

Bodies are forms (`application/x-www-form-urlencoded`) or JSON. A field that is null or empty counts as not
given, and unknown ones are ignored. A POST with `?_method=PATCH` or `?_method=DELETE` in its query means that
method, so that no browser asks first whether it may. Success is 200; anything else answers with `errors`, whose
`code` is made for programs and whose texts are for people. Times are Unix milliseconds.

Most answers are `response`, what was asked for, beside `client`, what this browser is signed in to and has begun.
Clerk's components speak to this API unchanged; docs/custom-flow.md shows a page of your own.
"""
_TAGS = [
    {"name": "Environment", "description": "What a page must know before it shows a form."},
    {"name": "Client", "description": "This browser: who is signed in, and what is on its way."},
    {"name": "Sign-ups", "description": "With the ticket of an invitation, or with an address."},
    {"name": "Sign-ins", "description": "By password or mailed code, and the forgotten password."},
    {"name": "Sessions", "description": "Tokens for your servers, and signing out."},
]
_BROWSER = {
    "type": "apiKey",
    "in": "cookie",
    "name": client_cookie.NAME,
    "description": "Set by the first answer that begins something; HttpOnly. "
    "With it every change must come from a page of this installation or of an allowed origin.",
}
_WITHOUT = {"get_environment", "update_environment"}
_WITH_OR_WITHOUT = {
    "get_client",
    "shake_hands",
    "delete_client",
    "delete_sessions",
    "create_sign_up",
    "create_sign_in",
}
_SESSION = {"session_id": "/response/id"}
# A completed sign-up or sign-in has created a session.
_SIGN_UP = {"sign_up_id": "/response/id", "session_id": "/response/created_session_id"}
_SIGN_IN = {"sign_in_id": "/response/id", "session_id": "/response/created_session_id"}


def _security(name: str) -> list[dict[str, list]]:
    if name in _WITHOUT:
        return []
    return [{}, {"Browser": []}] if name in _WITH_OR_WITHOUT else [{"Browser": []}]


FRONTEND = Book(
    frontend,
    prefix="__clerk/v1/",
    description=_DESCRIPTION,
    tags=_TAGS,
    refusals=REFUSALS,
    security_schemes={"Browser": _BROWSER},
    security=_security,
    requests=examples.REQUESTS,
    answers=examples.ANSWERS,
    objects={
        "Answer_SignUpObject_": _SIGN_UP,
        "Answer_SignInObject_": _SIGN_IN,
        "Answer_SessionObject_": _SESSION,
    },
    media=("application/x-www-form-urlencoded", "application/json"),
    is_open=True,
)
