from allauth.usersessions.middleware import UserSessionsMiddleware
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User


class KnownBrowsersMiddleware(UserSessionsMiddleware):
    """allauth's list of the browsers in which somebody is signed in. Whoever is erased at this very moment is on no
    list, and goes on as a stranger.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated:
            try:
                UserSession.objects.create_from_request(request)
            except IntegrityError:
                if User.objects.filter(pk=request.user.pk).exists():
                    raise
                logout(request)
        return self.get_response(request)
