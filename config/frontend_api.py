"""The Frontend API, which pages in browsers call: its middleware and routers.

Requests carry a cookie and a form; responses are JSON. Our own pages and pages of the origins that Settings allows
can read them.
"""

from collections.abc import Callable
from urllib.parse import parse_qs

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponseBase
from ninja import NinjaAPI

from accounts import devices
from accounts.frontend_api import routers
from config import api_frame, api_handlers, client_cookie, frontend_door, hosts, signed_in_cookie
from config.api_errors import answer, refusal
from config.api_faults import judge_database
from config.frontend_door import FrontendDoor

PREFIX = "/__clerk"


class FrontendMiddleware:
    """Make every response under /__clerk JSON that pages of allowed origins can read, whichever code produced it.

    It also sets the cookies that this API and our own pages share, on the responses of both.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not api_frame.is_under(path, PREFIX):
            response = self.get_response(request)
        else:
            api_frame.begin(request)
            response = api_frame.end(request, self._call(request))
        believes = signed_in_cookie.says_somebody(request)
        client_cookie.follow(request, response, is_told_otherwise=believes)
        signed_in_cookie.follow(request, response)
        devices.follow(request, response)
        return response

    def _call(self, request: HttpRequest) -> HttpResponseBase:
        if hosts.is_foreign(request):
            return answer(request, refusal(400))
        try:
            frontend_door.welcome_origin(request)
        except (DatabaseError, InterfaceError) as fault:
            return answer(request, judge_database(fault) or refusal(500))
        return frontend_door.share(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if api_frame.find(request.path_info) is None:
            return answer(request, api_frame.nothing_at(request.path_info))
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return frontend_door.preflight(request)
        asked, request.method = request.method, _meant(request)
        client_cookie.read(request)
        response = api_frame.as_json(request, self.get_response(request))
        request.method = asked
        return response


def _meant(request: HttpRequest) -> str | None:
    """Return the effective method. HEAD is handled as GET.

    A POST may name another method in the query (`_method`), because a browser sends no preflight request for a POST.
    """
    if request.method == "HEAD":
        return "GET"
    said = parse_qs(request.META.get("QUERY_STRING", "")).get("_method", [""])[-1].upper()
    return said if request.method == "POST" and said in {"PATCH", "DELETE"} else request.method


frontend = NinjaAPI(
    title="Ollio Frontend API",
    urls_namespace="frontend",
    docs_url=None,
    openapi_url=None,
    auth=FrontendDoor(),
)
for router in routers:
    frontend.add_router("", router)
api_handlers.install(frontend)
