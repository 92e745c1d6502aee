"""The Backend API: its middleware, its authentication and its routers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch
from ninja import NinjaAPI

from accounts.api.instance import router as instance
from accounts.api.users import router as users
from config import api_frame, api_handlers, hosts, idempotency
from config.api_door import Door, Replayed
from config.api_errors import answer, refusal
from invitations.api import router as invitations

_PAGES = {"/v1/tickets/accept"}  # for visitors, in HTML


class FrameMiddleware:
    """Make every response under /v1 JSON with the same headers, whichever code produced it.

    Errors are answered without rendering an error page: pages query the database, which may be the part that fails.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not api_frame.is_under(path, "/v1"):
            return self.get_response(request)
        api_frame.begin(request)
        response = self.get_response(request) if path in _PAGES else self._call(request)
        return api_frame.end(request, response)

    def _call(self, request: HttpRequest) -> HttpResponseBase:
        found = api_frame.find(request.path_info)
        if found is None:
            return answer(request, api_frame.nothing_at(request.path_info))
        if hosts.is_foreign(request):
            return answer(request, refusal(400))
        request.META.pop("HTTP_COOKIE", None)  # so that no session is read or created
        asked = request.method
        if asked == "HEAD":  # handled as GET; the server leaves the body out
            request.method = "GET"
        response = api_frame.as_json(request, self._answer(request, found))
        request.method = asked
        return response

    def _answer(self, request: HttpRequest, found: ResolverMatch) -> HttpResponseBase:
        """Call an API operation directly. The remaining middleware is for pages, and takes time."""
        if found.namespace != api.urls_namespace:
            return self.get_response(request)
        request.resolver_match = found
        return found.func(request, *found.args, **found.kwargs)


api = NinjaAPI(title="Ollio", urls_namespace="v1", docs_url=None, openapi_url=None, auth=Door())
api.add_decorator(idempotency.once)
api.add_router("", invitations)
api.add_router("", instance)
api.add_router("", users)
api_handlers.install(api)


@api.exception_handler(Replayed)
def _replayed(_request: HttpRequest, replayed: Replayed) -> HttpResponse:
    return replayed.response
