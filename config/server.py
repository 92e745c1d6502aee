"""The ASGI application that the web server (granian) calls. A request gets a thread only when it is complete.

granian's WSGI interface gives a thread to a request as soon as the headers have arrived, and waits in it for the body
without a timeout. So a client that begins a few bodies and stops sending can occupy all threads. Here such a request
costs a little memory, for BODY_SECONDS at most. Of granian's other interfaces only ASGI passes on headers that are not
ASCII. The others drop them; one such cookie would lose all cookies of the visitor.
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
MOST_CHUNKS = 4096  # per body: even a tiny chunk costs time
THREADS = 4  # worker threads; each may hold a database connection

logger = structlog.get_logger(__name__)

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
_LATE = 408, "request_timeout", "The body of the request did not come in time."
_BROKEN = 400, "malformed_request_parameters", "The body did not come whole, or in too many chunks."
_NO_NAME = ("Server", "")  # otherwise granian sends its name
_APIS = ("/v1", "/__clerk")
_OWN_NAMES = {"CONTENT_TYPE", "CONTENT_LENGTH"}
type _Reply = tuple[int, list[tuple[str, str]], dict[str, Any]]  # status, headers, last message


class _Broken(Exception):
    """The body is incomplete, or has too many chunks."""


async def application(scope: Any, receive: Any, send: Any) -> None:
    status, headers, last = await _handle(_environ(scope), receive)
    coded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": coded})
    await send(last)


async def _handle(environ: dict[str, Any], receive: Any) -> _Reply:
    if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                environ["wsgi.input"] = io.BytesIO(await _body(environ, receive))
        except TimeoutError:
            return _refuse(environ, *_LATE)
        except _Broken:
            return _refuse(environ, *_BROKEN)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _answer, environ)


def _refuse(environ: dict[str, Any], status: int, code: str, words: str) -> _Reply:
    """Refuse a request without a thread, so without Django's views and the database.

    The response is JSON for an API, otherwise one line of text.
    """
    request = WSGIRequest(environ)
    api_frame.begin(request)
    response = HttpResponse(f"{words}\n", status=status, content_type="text/plain")
    if any(api_frame.is_under(request.path_info, prefix) for prefix in _APIS):
        response = answer(request, APIRefusal(status, error(code, "is not read", words)))
    api_frame.end(request, response)
    response["Connection"] = "close"
    logger.warning("refused_early", code=code, path=request.path, ip=client_ip(request))
    return status, [*response.items(), _NO_NAME], _whole(response.content)


async def _body(environ: dict[str, Any], receive: Any) -> bytes:
    """Read the body: at most the allowed size, and one byte more if it is too large.

    If the headers alone are a reason to refuse it, the body is not read; the middleware or API code answers in its
    own format. Raises _Broken.
    """
    try:
        most = bodies.allowed(environ)
    except bodies.BodyRefused:
        return b""
    body, chunks, is_more = bytearray(), 0, most > 0
    while is_more and len(body) <= most:
        message = await receive()
        chunks += 1
        if message["type"] == "http.disconnect" or chunks > MOST_CHUNKS:
            raise _Broken
        body += message["body"]
        is_more = message["more_body"]
    return bytes(body[: most + 1])


def _environ(scope: Any) -> dict[str, Any]:
    """Build the environ dictionary that WSGI requires, without the variables of this process."""
    server, port = scope["server"]
    headers = _headers(scope)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),  # WSGI wants bytes as Latin-1
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
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
    """Return the headers by their WSGI names, in which hyphens become underscores.

    Headers whose names contain underscores are dropped. Otherwise one could pass for the header with hyphens, which a
    proxy in front sets or strips.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in _OWN_NAMES else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        headers[key] = f"{headers[key]}{joint}{value}" if key in headers else value
    if "HTTP_TRANSFER_ENCODING" in headers:
        headers.pop("CONTENT_LENGTH", None)  # if both are sent, chunked encoding wins
    headers.pop("HTTP_RANGE", None)  # part of a file would be held in memory; a whole file is not
    return headers


class _File:
    """A file to send: the server reads it from disk as fast as the client receives it."""

    def __init__(self, file: BinaryIO, _block_size: int) -> None:
        self.path, self.close = file.name, file.close


def _answer(environ: dict[str, Any]) -> _Reply:
    """Let Django answer; runs in a worker thread.

    The response is complete before it leaves the thread, so a client that reads slowly occupies no thread either.
    """
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> Any:
        head[:] = int(status[:3]), [*headers, _NO_NAME]

    response: Any = django(environ, start)
    try:
        if isinstance(response, _File):
            return *head, {"type": "http.response.pathsend", "path": response.path}
        return *head, _whole(b"".join(response))
    finally:
        response.close()


def _whole(content: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content}
