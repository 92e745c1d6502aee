"""The frame of the Frontend API, which pages in browsers call: cookie and form in, JSON and errors out, for
pages of our own and of the origins that Settings allows.
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
    """Every answer under /__clerk is JSON that welcome pages may read, whoever gave it. The cookies that both doors
    have to do with are set here, on the answers of our own pages too.
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
    """HEAD is GET without the body. A POST may say that it means something else, so that no browser asks first
    whether it may.
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
