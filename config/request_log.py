import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from config.clients import client_ip


class RequestLogMiddleware(RequestMiddleware):
    """Write one log line per request, when it is answered. This line and all earlier ones name the client."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Log the IP address as config/clients.py finds it. The original method trusts headers that can be forged."""
        agent = request.headers.get("User-Agent", "")
        structlog.contextvars.bind_contextvars(ip=client_ip(request), user_agent=agent)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and path, without the query, which may contain an e-mail address."""
        return f"{request.method} {request.path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        super().handle_response(request, response)
        mark_told(response)


def mark_told[Response: HttpResponseBase](response: Response) -> Response:
    """Mark the response as logged, so that Django logs no second line about it."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
