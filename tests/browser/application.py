"""Another application on its own origin, as customers have: it serves pages and files, and may proxy /__clerk to Ollio
as its own `proxyUrl`.
"""

from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

_PASSED_ON = "/__clerk/"
_NO_PAGE = "<!doctype html><title>Not found</title><p>Not found"
# Headers of one connection, which a proxy does not pass on, or sets itself.
_OF_THE_WIRE = {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "date"}


class OtherApplication(ThreadingHTTPServer):
    """`pages` and `files` may be changed while it runs, since pages that contain its `url` are only written then."""

    def __init__(self, *, ollio, pages, files, host, proxy, csp):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://{host}:{self.server_port}"
        self.proxy_url = f"{self.url if proxy else ollio}/__clerk"
        self.pages = dict(pages)  # path: HTML, or the file that contains it
        self.files = dict(files)  # path with a slash at the end: folder
        self.ollio = urlsplit(ollio)
        self.is_proxy = proxy
        self.csp = csp
        self.visits = []  # (path with query, Referer or None) of page requests


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path
        if self.server.is_proxy and path.startswith(_PASSED_ON):
            self._pass_on()
        elif path in self.server.pages:
            self.server.visits.append((self.path, self.headers["Referer"]))
            self._answer_page(200, self.server.pages[path])
        else:
            self._answer_file(path)

    do_HEAD = do_POST = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def _answer_page(self, status, page):
        html = page.read_text() if isinstance(page, Path) else page
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        if self.server.csp:
            headers.append(("Content-Security-Policy", self.server.csp))
        self._answer(status, headers, html.encode())

    def _answer_file(self, path):
        for prefix, folder in self.server.files.items():
            file = Path(folder, path.removeprefix(prefix)).resolve()
            if (
                path.startswith(prefix)
                and Path(folder).resolve() in file.parents
                and file.is_file()
            ):
                kind = guess_type(file)[0] or "application/octet-stream"
                return self._answer(200, [("Content-Type", kind)], file.read_bytes())
        if path == "/favicon.ico":
            return self._answer(204, [], b"")
        return self._answer_page(404, _NO_PAGE)

    def _pass_on(self):
        ollio = self.server.ollio
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        upstream = HTTPConnection(ollio.hostname, ollio.port, timeout=60)
        upstream.putrequest(self.command, self.path, skip_accept_encoding=True)
        for name, value in _carried(self.headers):
            if name.lower() != "x-forwarded-for":
                upstream.putheader(name, value)
        so_far = self.headers.get_all("X-Forwarded-For", [])
        upstream.putheader("X-Forwarded-For", ", ".join([*so_far, self.client_address[0]]))
        upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body)
        response = upstream.getresponse()
        self._answer(response.status, _carried(response.headers), response.read())
        upstream.close()

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


def _carried(headers):
    return [(name, value) for name, value in headers.items() if name.lower() not in _OF_THE_WIRE]


@contextmanager
def running(**options):
    with OtherApplication(**options) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
