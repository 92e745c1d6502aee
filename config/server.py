"""What the web server calls (granian, by ASGI). A request takes a thread when it is there in whole.

The server's interface for WSGI gives a thread to a request as soon as its headers are there, and waits in it for the
body, for ever: whoever begins a few bodies and falls silent has all the threads. Here such a request costs a little
memory, and that for BODY_SECONDS only. Of its other interfaces this one alone hands over header lines that are not in
ASCII; the others lose them, and with one such cookie all of a visitor's cookies.
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
MOST_CHUNKS = 4096  # of one body: however small each is, it takes its time here
THREADS = 4  # that work; each may hold a connection to the database

logger = structlog.get_logger(__name__)

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
_LATE = 408, "request_timeout", "The body of the request did not come in time."
_BROKEN = 400, "malformed_request_parameters", "The body did not come whole, or in too many chunks."
_NO_NAME = ("Server", "")  # granian would say its own
_APIS = ("/v1", "/__clerk")
_OWN_NAMES = {"CONTENT_TYPE", "CONTENT_LENGTH"}
type _Reply = tuple[int, list[tuple[str, str]], dict[str, Any]]  # status, headers, last message


class _Broken(Exception):
    """The body is not whole, and will not be."""


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
    """Without a thread, and so without Django and its database: to who calls an API in its JSON, else in a line."""
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
    """As much as may be sent, and one byte more where it is too much. What is refused by its headers stays unread:
    a door answers it, in its own way. Raises _Broken.
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
    """What WSGI asks for, and nothing of this process's own environment."""
    server, port = scope["server"]
    headers = _headers(scope)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),  # as WSGI hands bytes over
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
    """By their names in WSGI, where hyphens are underscores. What comes with underscores is nobody's header: it would
    be taken for the one with hyphens, which a proxy in front sets or strips.
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
        headers.pop("CONTENT_LENGTH", None)  # where both are there, chunks count
    headers.pop("HTTP_RANGE", None)  # a part of a file would be held in memory, a whole one is not
    return headers


class _File:
    """One that is answered: the server reads it from its place as fast as the client takes it."""

    def __init__(self, file: BinaryIO, _block_size: int) -> None:
        self.path, self.close = file.name, file.close


def _answer(environ: dict[str, Any]) -> _Reply:
    """In a thread of its own. The answer leaves it whole, so that a slow reader holds no thread either."""
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
