"""`__client`: the secret by which pages of applications are known to the Frontend API. Proxies of applications pass it
on, so their servers see it. It opens no page of ours, which know their own session's cookie only.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME = f"__client{settings.OF_PORT}"  # no package of Clerk reads it
BROWSER = "ollio_browser"  # the request's attribute: whose it is, once it was looked for; None is nobody's
# In request.META: what the request came with, what its answer brings, and whether it has signed out.
SECRET, NEW_SECRET, SIGNED_OUT = "ollio.client", "ollio.new_client", "ollio.signed_out"


def read(request: HttpRequest) -> None:
    """Nothing but `__client` counts at this door."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    request.META[SECRET] = request.COOKIES.get(NAME, "")


def follow(request: HttpRequest, response: HttpResponseBase, *, is_told_otherwise: bool) -> None:
    """Give a new secret to the browser, and take one away that opens nothing any more.

    A page asks several things at once, and each step of a sign-up or sign-in has a secret of its own. So an answer
    to the former one must not take the new one away, unless somebody has signed out by it, or the browser believes
    (`__client_uat`) that somebody is signed in who is not.
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
