"""Signing somebody in after an explicit act of theirs."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from accounts.models import User


def open_session(request: HttpRequest, *, user: User) -> None:
    """A new session and CSRF token (R-O1), which allauth's re-authentication then knows as fresh."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    user.note_sign_in()
    record_authentication(request, user, method="password")
