import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from config.clients import client_ip


class RequestLogMiddleware(RequestMiddleware):
    """One line a request, when it is answered; whoever asked stands in it and in all lines before it."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """By our own count of proxies: the original believes whatever header it is sent."""
        agent = request.headers.get("User-Agent", "")
        structlog.contextvars.bind_contextvars(ip=client_ip(request), user_agent=agent)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Without the query, which may name somebody's address."""
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        super().handle_response(request, response)
        mark_told(response)


def mark_told[Response: HttpResponseBase](response: Response) -> Response:
    """Django adds no line of its own about an answer that has one."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
