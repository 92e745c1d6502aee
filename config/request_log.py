import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from config.clients import client_ip


class RequestLogMiddleware(RequestMiddleware):
    """One line a request, when it is answered; whoever asked stands in it and in all lines before it."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """By our own count of proxies: the original believes whatever header it is sent."""
        agent = request.headers.get("User-Agent", "")
        structlog.contextvars.bind_contextvars(ip=client_ip(request), user_agent=agent)
