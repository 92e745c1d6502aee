from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from accounts import page_visits


class PageSessionMiddleware:
    """Accept the session of our pages only while its browser is in the user's list of signed-in browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page_visits.recognise(request)
        response = self.get_response(request)
        page_visits.follow_page(request)
        return response
