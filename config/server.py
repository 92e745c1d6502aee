"""What the web server calls (granian, by RSGI). A request takes a thread when it is there in whole.

The server's interface for WSGI gives a thread to a request as soon as its headers are there, and waits in it for the
body, for ever: whoever begins a few bodies and falls silent has all the threads. Here such a request costs a little
memory, and that for BODY_SECONDS only.
"""

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

import structlog
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from config import api_frame, bodies
from config.api_errors import APIRefusal, answer, error
from config.clients import client_ip
from config.wsgi import application as django

BODY_SECONDS = 20
MOST_CHUNKS = 4096  # of one body: however small a chunk is, it takes its time here
THREADS = 4  # that work; each may hold a connection to the database

logger = structlog.get_logger(__name__)

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
_LATE = 408, "request_timeout", "The body of the request did not come in time."
_BROKEN = 400, "malformed_request_parameters", "The body did not come whole, or in too many chunks."
_UNREADABLE = 400, "malformed_request_parameters", "X-Forwarded-For is not in ASCII."
_NO_NAME = ("Server", "")  # granian would say its own
_APIS = ("/v1", "/__clerk")
_OWN_NAMES = {"CONTENT_TYPE", "CONTENT_LENGTH"}


async def application(scope: Any, protocol: Any) -> None:
    environ = _environ(scope)
    # granian leaves out a line that is not ASCII, the proxy's entry with it: the proxy would be taken for the client.
    if "x-forwarded-for" in scope.headers and "HTTP_X_FORWARDED_FOR" not in environ:
        return _refuse(environ, protocol, *_UNREADABLE)
    if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                environ["wsgi.input"] = io.BytesIO(await _body(environ, protocol))
        except TimeoutError:
            return _refuse(environ, protocol, *_LATE)
        except RuntimeError:  # so the server says that the client is gone
            return _refuse(environ, protocol, *_BROKEN)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _answer, environ, protocol)


def _refuse(environ: dict[str, Any], protocol: Any, status: int, code: str, words: str) -> None:
    """Without a thread, and so without Django and its database: to who calls an API in its JSON, else in a line."""
    request = WSGIRequest(environ)
    api_frame.begin(request)
    response = HttpResponse(f"{words}\n", status=status, content_type="text/plain")
    if any(api_frame.is_under(request.path_info, prefix) for prefix in _APIS):
        response = answer(request, APIRefusal(status, error(code, "is not read", words)))
    api_frame.end(request, response)
    response["Connection"] = "close"
    logger.warning("refused_early", code=code, path=request.path, ip=client_ip(request))
    protocol.response_bytes(status, [*response.items(), _NO_NAME], response.content)


async def _body(environ: dict[str, Any], protocol: Any) -> bytes:
    """As much as may be sent, and one byte more where it is too much. What is refused by its headers stays unread:
    a door answers it, in its own way. Raises RuntimeError where it is not whole.
    """
    try:
        most = bodies.allowed(environ)
    except bodies.BodyRefused:
        return b""
    if not environ["wsgi.input_terminated"]:
        return await protocol() if most else b""
    body, chunks, ends = bytearray(), 0, 0
    async for chunk in protocol:
        body += chunk
        chunks += 1
        ends += not chunk  # an empty one is the end; a second one says that the connection broke
        if len(body) > most:
            return bytes(body[: most + 1])
        if ends > 1 or chunks > MOST_CHUNKS:
            raise RuntimeError
    return bytes(body)


def _environ(scope: Any) -> dict[str, Any]:
    """What WSGI asks for, and nothing of this process's own environment."""
    server, _colon, port = scope.server.rpartition(":")
    headers = _headers(scope)
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_latin_1(scope.path),
        "QUERY_STRING": _as_latin_1(scope.query_string),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": "HTTP_TRANSFER_ENCODING" in headers,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _File,
        **headers,
    }


def _headers(scope: Any) -> dict[str, str]:
    """By their names in WSGI, where hyphens are underscores. What comes with underscores is nobody's header: it would
    be taken for the one with hyphens, which a proxy in front sets or strips.
    """
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in _OWN_NAMES else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        headers[key] = f"{headers[key]}{joint}{value}" if key in headers else value
    if "HTTP_TRANSFER_ENCODING" in headers:
        headers.pop("CONTENT_LENGTH", None)  # where both are there, chunks count
    headers.pop("HTTP_RANGE", None)  # a part of a file would be held in memory, a whole one is not
    return headers


def _as_latin_1(text: str) -> str:
    """WSGI hands bytes over as if they were Latin-1."""
    return text if text.isascii() else text.encode().decode("latin-1")


class _File:
    """One that is answered: the server reads it from its place as fast as the client takes it."""

    def __init__(self, file: BinaryIO, _block_size: int) -> None:
        self.path, self.close = file.name, file.close


def _answer(environ: dict[str, Any], protocol: Any) -> None:
    """In a thread of its own. The answer leaves it whole, so that a slow reader holds no thread either."""
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Any:
        head[:] = int(status[:3]), [*headers, _NO_NAME]

    response: Any = django(environ, start)
    try:
        if isinstance(response, _File):
            protocol.response_file(*head, response.path)
        else:
            protocol.response_bytes(*head, b"".join(response))
    finally:
        response.close()
