"""Checks before every Frontend API operation: the origin of the request, and its query and body."""

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

SAFE = {"GET", "HEAD"}  # methods that change nothing
_METHODS = "GET, POST, PATCH, DELETE"
_HEADERS = ("Authorization", "Content-Type")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]{1,100}")
_MOST_HEADERS = 50
_PREFLIGHT_SECONDS = "600"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAME = "same-origin"  # value of `Sec-Fetch-Site` if a page calls its own host
_TYPES = {"application/json", "application/x-www-form-urlencoded"}


def origin(request: HttpRequest) -> str:
    """Return the Origin header, which browsers set to the origin of the calling page, or ""."""
    return request.headers.get("Origin", "")


def welcome_origin(request: HttpRequest) -> str:
    """Return the Origin header if it is our own origin or one that Settings allows; otherwise "".

    Browsers write an origin in one way only, so other spellings do not match. The result is computed once per
    request: after a change has been committed, nothing may fail.
    """
    if "ollio.welcome_origin" not in request.META:
        said = origin(request)
        is_ours = said == own_origin()
        is_welcome = said and (is_ours or said in Application.objects.current().allowed_origins)
        request.META["ollio.welcome_origin"] = said if is_welcome else ""
    return request.META["ollio.welcome_origin"]


def page_origin(request: HttpRequest, *, last: str = "") -> str:
    """Return the origin of the calling page, or "" if it is unknown. Use it only for the token's claim `azp`.

    A page that sends a GET to its own host, for example through its application's proxy, sends no `Origin`. Then other
    headers may name the origin; it must still be our own or an allowed one. `last` is the origin of the last change.
    """
    if origin(request):
        return welcome_origin(request)
    if request.headers.get("Sec-Fetch-Site", _SAME) != _SAME:
        return ""  # a page of another site, or no page, such as a typed URL
    said, ours = _named(request, last=last), own_origin()
    allowed = Application.objects.current().allowed_origins
    return next((each for each in said if each in allowed), ours if ours in said else "")


def own_origin() -> str:
    """Return our own origin as browsers write it, however BASE_URL is written."""
    base = urlsplit(settings.BASE_URL)
    host = f"[{base.hostname}]" if ":" in str(base.hostname) else base.hostname
    port = "" if base.port in (None, _DEFAULT_PORTS.get(base.scheme)) else f":{base.port}"
    return f"{base.scheme}://{host}{port}"


def _named(request: HttpRequest, *, last: str) -> list[str]:
    """Return possible origins of the page, the most likely first.

    Pages with the policy `no-referrer` send their origin only with changes. A page can set the headers that a proxy
    sets, and the proxy may forward them. So if the browser sends `Sec-Fetch-Site`, as all current browsers do, the
    origin of the last change comes before those headers.
    """
    referer = request.headers.get("Referer", "")
    if "Sec-Fetch-Site" not in request.headers:
        return [*_forwarded(request), last]
    return [_origin_of(referer)] if referer else [last, *_forwarded(request)]


def _forwarded(request: HttpRequest) -> list[str]:
    """Return the origins that a trusted proxy's headers name, without our own, which says nothing about the page."""
    if not is_forwarded(request):
        return []
    scheme = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip()
    schemes = [scheme] if scheme else ["https", "http"]  # some proxies send the host only
    hosts = [host.strip() for host in request.headers.get("X-Forwarded-Host", "").split(",")]
    said = [_origin_of(request.headers.get("Clerk-Proxy-Url", ""))]
    said += [f"{scheme}://{host}" for host in hosts for scheme in schemes]
    return [each for each in said if each != own_origin()]


def _origin_of(url: str) -> str:
    """Return the origin of a URL as browsers write it. Other text gives a value that is in no list of origins."""
    scheme, _separator, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def share(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Add the CORS headers that let a page of an allowed origin read the response, with cookies."""
    patch_vary_headers(response, ["Origin"])
    welcome = welcome_origin(request)
    if welcome:
        response["Access-Control-Allow-Origin"] = welcome
        response["Access-Control-Allow-Credentials"] = "true"
        response["Access-Control-Expose-Headers"] = "Authorization, Retry-After, X-Trace-Id"
    return response


def preflight(request: HttpRequest) -> HttpResponse:
    """Answer the CORS preflight request, which a browser sends before any request but a simple one."""
    allowed = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": ", ".join([*_HEADERS, *_asked_headers(request)]),
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }
    return HttpResponse(status=204, headers=allowed if welcome_origin(request) else {})


def _asked_headers(request: HttpRequest) -> list[str]:
    """Return further header names that the preflight requests. Tracing tools add headers; we allow and ignore them."""
    asked = request.headers.get("Access-Control-Request-Headers", "").lower().split(",")
    names = dict.fromkeys(name.strip(" \t") for name in asked)
    ours = {name.lower() for name in _HEADERS}
    return [name for name in names if _HEADER.fullmatch(name) and name not in ours][:_MOST_HEADERS]


class FrontendDoor:
    """Checks of the Frontend API. No key is required, but a request that changes data needs an allowed origin."""

    def __call__(self, request: HttpRequest) -> bool:
        if request.method not in SAFE:
            _check_origin(request)
        request.META["ollio.query"] = read_query(request)
        request.META["ollio.body"] = _read_body(request)
        return True


def _check_origin(request: HttpRequest) -> None:
    """Raise APIRefusal if the origin is not allowed.

    Browsers send Origin with every POST. A request without Origin comes from a program, and must have no cookie.
    Sign-in is checked too: a foreign page must not sign a visitor in to the attacker's account.
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
    # An empty form field counts as absent.
    return {name: value for name, value in pairs if value}


def _given_twice(name: str) -> dict:
    name = name[:100]
    long_message = f"{name}: Give it once."
    return error("form_param_duplicate", "is given twice", long_message, param_name=name)
