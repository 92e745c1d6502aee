"""Maximum size and allowed kind of request bodies, by path.

The web server checks before it reads a body (config/server.py). Pages check again in config/faults.py, the APIs where
they read JSON.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, get_resolver

MAX_BODY_BYTES = 256 * 1024
MAX_BULK_BYTES = 2 * 1024 * 1024


class BodyRefused(Exception):
    """415: a multipart form on a route without uploads. 413: the body is too large."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


def allowed(environ: Mapping[str, Any]) -> int:
    """Return how many bytes may be read. Raises BodyRefused if the headers alone are a reason to refuse."""
    length = _length(environ)
    if length == 0:
        return 0
    most = _most(environ)
    if length is not None and length > most:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return most


def is_bulk(path: str) -> bool:
    """Whether the path belongs to a bulk operation of the Backend API, whose body is an array."""
    return path.startswith("/v1/") and path.endswith("/bulk")


def receive(request: HttpRequest) -> bytes:
    """Return the whole body, and store it where Django finds it. Raises BodyRefused."""
    if not hasattr(request, "_body"):
        most = allowed(request.META)
        raw = _stream(request).read(most + 1) if most else b""
        if len(raw) > most:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request._body = raw
        request.META["CONTENT_LENGTH"] = str(len(raw))  # a chunked request has none
    return request.body


def _length(environ: Mapping[str, Any]) -> int | None:
    """Return Content-Length, or None if the body is chunked; the server then marks its end."""
    said = environ.get("CONTENT_LENGTH")
    if not said and environ.get("wsgi.input_terminated"):
        return None
    try:
        return int(said or 0)
    except ValueError:
        return 0  # as Django does


def _most(environ: Mapping[str, Any]) -> int:
    path = environ["PATH_INFO"]
    if environ.get("CONTENT_TYPE", "").strip().lower().startswith("multipart/"):
        return _most_of_upload(path)
    return MAX_BULK_BYTES if is_bulk(path) else MAX_BODY_BYTES


def _most_of_upload(path: str) -> int:
    resolver = get_resolver()
    doors: Any = resolver.urlconf_module
    uploads: Mapping[str, int] = doors.UPLOADS
    try:
        return uploads[resolver.resolve(path).view_name]
    except (Resolver404, KeyError) as fault:
        raise BodyRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE) from fault


def _stream(request: HttpRequest) -> Any:
    """Return the stream to read from. Django's own reads nothing if Content-Length is missing."""
    return request if _length(request.META) is not None else request.META["wsgi.input"]
