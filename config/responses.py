"""Helpers for the responses of pages: for pages with a secret, after sign-out, and for exceeded limits."""

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseBase

from config.limits import LimitExceeded

WORDED_LIMIT = "ollio.limit"  # key of request.META: a LimitExceeded that the page itself shows


def own_path(url: str) -> str:
    """Return path and query of one of our URLs. It begins with exactly one slash: two would name another host."""
    parts = urlsplit(url)
    path = f"/{parts.path.lstrip('/')}"
    return parts._replace(scheme="", netloc="", path=path).geturl()


def unkept(response: HttpResponse) -> HttpResponse:
    """Forbid caching. Use this, not `secretive`, for pages with forms: on a page with the policy `no-referrer`, a form
    sends `Origin: null`, which the CSRF check refuses.
    """
    response["Cache-Control"] = "no-store"
    return response


def left_behind(response: HttpResponse) -> HttpResponse:
    """After a sign-out, let the browser delete what it has stored of our pages.

    "cookies" is not in the list: it would delete the cookies of the whole domain, including the application's.
    """
    response["Clear-Site-Data"] = '"cache", "storage"'
    return unkept(response)


def secretive(response: HttpResponse) -> HttpResponse:
    """Forbid caching, and forbid the Referer header, even to our own pages: the URL may contain a secret."""
    response["Referrer-Policy"] = "no-referrer"
    return unkept(response)


class SeeOther(HttpResponse):
    """A 303 redirect to exactly the given URL. Django's redirect would percent-encode parts of it again."""

    status_code = 303

    @property
    def url(self) -> str:
        return self["Location"]


def see_other(url: str) -> HttpResponse:
    return secretive(SeeOther(headers={"Location": url}))


def patient[Response: HttpResponseBase](response: Response, *, error: LimitExceeded) -> Response:
    """Turn the response into a 429 with Retry-After."""
    response.status_code = 429
    response["Retry-After"] = str(error.retry_after)
    return response
