"""The browsers in which a person is signed in: listed, and signed out."""

from django.http import HttpRequest

from accounts.models import Browser, User
from accounts.sessions import is_open, known
from config import audit


def list_of(user: User) -> list[Browser]:
    """The browsers in which somebody is signed in, the newest first."""
    rows = Browser.objects.with_user().filter(user=user).order_by("-signed_in_at")
    return [browser for browser in rows if is_open(browser)]


def end_one(user: User, *, session_id: str) -> None:
    """Sign one of this person's browsers out; another one's, or one that has ended, is left alone."""
    if Browser.objects.filter(user=user, session_id=session_id).end():
        audit.trace("sessions_ended", subject=user.pk, by=user)


def end_others(request: HttpRequest, *, user: User) -> None:
    browser = known(request)
    if user.end_sessions(but=browser.pk if browser else ""):
        audit.trace("sessions_ended", subject=user.pk, by=user)


def keep_only_this(request: HttpRequest, *, user: User) -> None:
    """After a change of the password: this browser goes on with the new one, all others are signed out."""
    browser = known(request)
    mine = browser.pk if browser and browser.user_id == user.pk else ""
    user.end_sessions(but=mine)
    Browser.objects.filter(pk=mine, user=user).update(auth_hash=user.get_session_auth_hash())
