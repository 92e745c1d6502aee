"""The cookie `__client`: the secret that identifies a browser to the Frontend API.

An application's proxy forwards it, so the application's server sees it. It gives no access to our own pages: they
accept only their own session cookie.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = f"__client{settings.OF_PORT}"  # the name may vary: Clerk's packages do not read it
BROWSER = "ollio_browser"  # attribute of the request: the browser, or None if none has this secret
# Keys of request.META: the request's secret, the response's new secret, and whether the request signed out.
SECRET, NEW_SECRET, SIGNED_OUT = "ollio.client", "ollio.new_client", "ollio.signed_out"


def read(request: HttpRequest) -> None:
    """Accept only `__client`, and drop the session cookie of our own pages."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    request.META[SECRET] = request.COOKIES.get(NAME, "")


def follow(request: HttpRequest, response: HttpResponseBase, *, is_told_otherwise: bool) -> None:
    """Set the cookie to a new secret, or delete it if its secret is no longer valid.

    A page sends several requests in parallel, and each step of a sign-up or sign-in creates a new secret. So the
    response to a request with the former secret must not delete the cookie with the new one. It deletes the cookie
    only after a sign-out, or if `__client_uat` wrongly says that a user is signed in (`is_told_otherwise`).
    """
    secret = request.META.get(NEW_SECRET)
    is_dead = request.META.get(SECRET) and vars(request).get(BROWSER, False) is None
    if secret and SIGNED_OUT not in request.META:
        response.set_cookie(
            NAME,
            secret,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    elif NAME in request.COOKIES and (
        SIGNED_OUT in request.META or (is_dead and is_told_otherwise)
    ):
        response.delete_cookie(NAME, samesite="Lax")
