"""`<ollio-sign-up>`, for pages of applications: one script that any page may load, plain or as a module."""

import functools
import gzip
import hashlib
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

_PARTS = [
    settings.BASE_DIR / "static" / "js" / "sign-up" / f"{name}.js"
    for name in ("words", "style", "server", "parts", "element")
]
_TYPE = "text/javascript; charset=utf-8"
_TAKES_GZIP = re.compile(r"(?:^|[\s,])gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))", re.IGNORECASE)


def _etag(request: HttpRequest) -> str:
    return f'W/"{hashlib.sha256(_script()).hexdigest()[:32]}"'


@csrf_exempt  # nothing but GET gets further
@require_safe
@cache_control(public=True, max_age=300)  # a page may run the last release for minutes, not longer
def sign_up_script(request: HttpRequest) -> HttpResponse:
    response = _content(request)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@condition(etag_func=_etag)
def _content(request: HttpRequest) -> HttpResponse:
    if not _TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return HttpResponse(_script(), content_type=_TYPE)
    headers = {"Content-Encoding": "gzip"}
    return HttpResponse(_zipped(_script()), content_type=_TYPE, headers=headers)


def _script() -> bytes:
    return _joined(tuple(part.stat().st_mtime_ns for part in _PARTS))


@functools.lru_cache(maxsize=1)
def _joined(changed_at: tuple[int, ...]) -> bytes:
    """In a function of their own, since the names of a plain script are the whole page's."""
    parts = "\n".join(part.read_text() for part in _PARTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'.encode()


@functools.lru_cache(maxsize=1)
def _zipped(script: bytes) -> bytes:
    return gzip.compress(script, compresslevel=9, mtime=0)
