"""Answers that pages share: ones that carry a secret, and ones that ask for patience."""

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseBase

from config.limits import LimitExceeded

WORDED_LIMIT = "ollio.limit"  # in request.META: one that the page has worded itself, as a form does


def own_path(url: str) -> str:
    """The path and query of a page of ours; two slashes in front would name another host."""
    parts = urlsplit(url)
    path = f"/{parts.path.lstrip('/')}"
    return parts._replace(scheme="", netloc="", path=path).geturl()


def unkept(response: HttpResponse) -> HttpResponse:
    """Kept by no cache. For pages: a form on a page without referrers posts `Origin: null`, which the CSRF
    check refuses.
    """
    response["Cache-Control"] = "no-store"
    return response


def left_behind(response: HttpResponse) -> HttpResponse:
    """For who has signed out: the browser forgets what it has kept of our pages. Cookies are not named, since those of
    the whole domain would go, the application's among them.
    """
    response["Clear-Site-Data"] = '"cache", "storage"'
    return unkept(response)


def secretive(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, told to nobody by a Referer, not even to ourselves."""
    response["Referrer-Policy"] = "no-referrer"
    return unkept(response)


class SeeOther(HttpResponse):
    """303 to a URL exactly as given: Django's redirect would quote parts of it again."""

    status_code = 303

    @property
    def url(self) -> str:
        return self["Location"]


def see_other(url: str) -> HttpResponse:
    return secretive(SeeOther(headers={"Location": url}))


def patient[Response: HttpResponseBase](response: Response, *, error: LimitExceeded) -> Response:
    """The same answer as a 429 that says when to come back."""
    response.status_code = 429
    response["Retry-After"] = str(error.retry_after)
    return response
