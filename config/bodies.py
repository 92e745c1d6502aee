"""How much may be sent to which address, and of what kind. The web server asks before it reads (config/server.py), and
so does each door: pages in config/faults.py, the APIs where they read JSON.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, get_resolver

MAX_BODY_BYTES = 256 * 1024
MAX_BULK_BYTES = 2 * 1024 * 1024


class BodyRefused(Exception):
    """415: a form with files, where none are taken. 413: more than is taken."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


def allowed(environ: Mapping[str, Any]) -> int:
    """How many bytes may be read. Raises BodyRefused where the headers say enough."""
    length = _length(environ)
    if length == 0:
        return 0
    most = _most(environ)
    if length is not None and length > most:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return most


def is_bulk(path: str) -> bool:
    """Whether a call of the API there makes many at once, of a list."""
    return path.startswith("/v1/") and path.endswith("/bulk")


def receive(request: HttpRequest) -> bytes:
    """The whole body, where Django finds it too from then on. Raises BodyRefused."""
    if not hasattr(request, "_body"):
        most = allowed(request.META)
        raw = _stream(request).read(most + 1) if most else b""
        if len(raw) > most:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request._body = raw
        request.META["CONTENT_LENGTH"] = str(len(raw))  # a chunked one had none
    return request.body


def _length(environ: Mapping[str, Any]) -> int | None:
    """None where it is not said beforehand: the body is chunked, and the server marks its end."""
    said = environ.get("CONTENT_LENGTH")
    if not said and environ.get("wsgi.input_terminated"):
        return None
    try:
        return int(said or 0)
    except ValueError:
        return 0  # as Django reads it


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
    """Django reads as far as Content-Length says, and nothing where it is missing."""
    return request if _length(request.META) is not None else request.META["wsgi.input"]
