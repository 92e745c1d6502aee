"""What every call of the Frontend API meets first: where it comes from, and how it is read."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from accounts.metadata import InvalidJSON, parse_json
from accounts.models import Application
from config.api_errors import MAX_ERRORS, APIRefusal, error
from config.api_input import invalid_body, read_query, received
from config.client_cookie import NAME
from config.clients import is_forwarded

SAFE = {"GET", "HEAD"}  # what changes nothing
_METHODS = "GET, POST, PATCH, DELETE"
_HEADERS = ("Authorization", "Content-Type")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]{1,100}")
_MOST_HEADERS = 50
_PREFLIGHT_SECONDS = "600"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAME = "same-origin"  # what `Sec-Fetch-Site` says of a page that asks its own host
_TYPES = {"application/json", "application/x-www-form-urlencoded"}


def origin(request: HttpRequest) -> str:
    """The page that asks, as its browser says; empty where nobody says."""
    return request.headers.get("Origin", "")


def welcome_origin(request: HttpRequest) -> str:
    """The page that asks, if it is one of ours or of an origin that Settings allows; else empty. Browsers write an
    origin in one way only; other spellings are nobody's. Judged once a request: after a change nothing may fail.
    """
    if "ollio.welcome_origin" not in request.META:
        said = origin(request)
        is_ours = said == own_origin()
        is_welcome = said and (is_ours or said in Application.objects.current().allowed_origins)
        request.META["ollio.welcome_origin"] = said if is_welcome else ""
    return request.META["ollio.welcome_origin"]


def page_origin(request: HttpRequest, *, last: str = "") -> str:
    """The page that asks, for the claim `azp` of its token and for nothing else; empty where nobody knows.

    A page that asks its own host by GET, as behind its application's proxy, sends no `Origin`. Others may name it
    then; but whatever is said, it must be an allowed origin or ours. `last` is the page of the last change.
    """
    if origin(request):
        return welcome_origin(request)
    if request.headers.get("Sec-Fetch-Site", _SAME) != _SAME:
        return ""  # another site's page or nobody's, such as an address that was typed
    said, ours = _named(request, last=last), own_origin()
    allowed = Application.objects.current().allowed_origins
    return next((each for each in said if each in allowed), ours if ours in said else "")


def own_origin() -> str:
    """Ours as browsers write it, however BASE_URL is written."""
    base = urlsplit(settings.BASE_URL)
    host = f"[{base.hostname}]" if ":" in str(base.hostname) else base.hostname
    port = "" if base.port in (None, _DEFAULT_PORTS.get(base.scheme)) else f":{base.port}"
    return f"{base.scheme}://{host}{port}"


def _named(request: HttpRequest, *, last: str) -> list[str]:
    """Who may be asking, the likeliest first. Pages with `no-referrer` name themselves with changes only.

    A page can write the headers of a proxy, which may pass them on. So where its browser speaks, as every current
    one does, what that said with the last change comes first.
    """
    referer = request.headers.get("Referer", "")
    if "Sec-Fetch-Site" not in request.headers:
        return [*_forwarded(request), last]
    return [_origin_of(referer)] if referer else [last, *_forwarded(request)]


def _forwarded(request: HttpRequest) -> list[str]:
    """Whose proxy has passed this on, where proxies are believed. That one of ours has says nothing."""
    if not is_forwarded(request):
        return []
    scheme = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip()
    schemes = [scheme] if scheme else ["https", "http"]  # some name the host only
    hosts = [host.strip() for host in request.headers.get("X-Forwarded-Host", "").split(",")]
    said = [_origin_of(request.headers.get("Clerk-Proxy-Url", ""))]
    said += [f"{scheme}://{host}" for host in hosts for scheme in schemes]
    return [each for each in said if each != own_origin()]


def _origin_of(url: str) -> str:
    """Of an address as a browser writes it; anything else gives what no list holds."""
    scheme, _separator, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def share(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let the page that asks read the answer, with its cookie, if it is welcome."""
    patch_vary_headers(response, ["Origin"])
    welcome = welcome_origin(request)
    if welcome:
        response["Access-Control-Allow-Origin"] = welcome
        response["Access-Control-Allow-Credentials"] = "true"
        response["Access-Control-Expose-Headers"] = "Authorization, Retry-After, X-Trace-Id"
    return response


def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser wants to know before it sends more than a plain form."""
    allowed = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": ", ".join([*_HEADERS, *_asked_headers(request)]),
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }
    return HttpResponse(status=204, headers=allowed if welcome_origin(request) else {})


def _asked_headers(request: HttpRequest) -> list[str]:
    """The names that a page asks for beside ours: tracing adds headers to every request, and they do nothing here."""
    asked = request.headers.get("Access-Control-Request-Headers", "").lower().split(",")
    names = dict.fromkeys(name.strip(" \t") for name in asked)
    ours = {name.lower() for name in _HEADERS}
    return [name for name in names if _HEADER.fullmatch(name) and name not in ours][:_MOST_HEADERS]


class FrontendDoor:
    """Nobody needs a key here; but a page must be welcome before anything changes in its visitor's name."""

    def __call__(self, request: HttpRequest) -> bool:
        if request.method not in SAFE:
            _check_origin(request)
        request.META["ollio.query"] = read_query(request)
        request.META["ollio.body"] = _read_body(request)
        return True


def _check_origin(request: HttpRequest) -> None:
    """A browser says with every POST where it comes from; what says nothing is a program, and has no cookie.
    A stranger's page may not even sign somebody in to the stranger's account.
    """
    if not origin(request):
        if request.COOKIES.get(NAME):
            long_message = "Send the header Origin along with the cookie, as browsers do."
            raise APIRefusal(400, error("origin_missing", "origin is missing", long_message))
    elif not welcome_origin(request):
        long_message = f"Pages of {origin(request)[:200]} may not do this. An admin can allow the origin in Settings."
        raise APIRefusal(400, error("origin_invalid", "origin is not allowed", long_message))


def _read_body(request: HttpRequest) -> dict:
    raw = received(request)
    if not raw:
        return {}
    if request.content_type not in _TYPES:
        long_message = "Send the body as a form (application/x-www-form-urlencoded) or as JSON."
        raise APIRefusal(415, error("unsupported_content_type", "unsupported type", long_message))
    if request.content_type == "application/json":
        return _read_json(raw)
    return _read_form(raw)


def _read_json(raw: bytes) -> dict:
    try:
        document = parse_json(raw)
    except InvalidJSON as fault:
        raise invalid_body(str(fault)) from fault
    if not isinstance(document, dict):
        raise invalid_body("Send a JSON object.")
    return document


def _read_form(raw: bytes) -> dict:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except ValueError as fault:
        raise invalid_body("Send the form in UTF-8.") from fault
    twice = [name for name, times in Counter(name for name, _value in pairs).items() if times > 1]
    if twice:
        raise APIRefusal(422, *map(_given_twice, twice[:MAX_ERRORS]))
    # An empty field of a form is one that was not filled in.
    return {name: value for name, value in pairs if value}


def _given_twice(name: str) -> dict:
    name = name[:100]
    long_message = f"{name}: Give it once."
    return error("form_param_duplicate", "is given twice", long_message, param_name=name)
