"""Whose page of ours is asked for: told by Django's session, as long as its browser may go on."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from accounts.models import Browser
from accounts.sessions import BROWSER_ID, forget_page, is_open
from config.client_cookie import BROWSER as _FOUND
from config.client_cookie import SIGNED_OUT


def recognise(request: HttpRequest) -> None:
    """Whose page this is: the session counts as long as its browser is known and may go on."""
    if not request.session.session_key or SESSION_KEY not in request.session:
        return
    name, user_id = request.session.get(BROWSER_ID, ""), request.session[SESSION_KEY]
    browser = Browser.objects.with_user().filter(pk=name, user=user_id).first()
    may_go_on = browser is not None and is_open(browser)
    if browser and may_go_on and not _is_idle(browser):
        request.user = browser.user
        vars(request)[_FOUND] = browser
        browser.touch(by_page=True)
        return
    if browser and may_go_on:  # the application goes on
        Browser.objects.filter(pk=browser.pk).update(page_key=None)
    elif browser:
        Browser.objects.filter(pk=browser.pk).end()
        request.META[SIGNED_OUT] = True
    forget_page(request)


def follow_page(request: HttpRequest) -> None:
    """Django gives the page's session a new name now and then."""
    browser = vars(request).get(_FOUND)
    key = request.session.session_key
    if browser and browser.page_key and key and key != browser.page_key:
        Browser.objects.filter(pk=browser.pk).update(page_key=key)


def _is_idle(browser: Browser) -> bool:
    """Only operators' pages are closed to who leaves them alone."""
    user, seen = browser.user, browser.page_seen_at
    return bool(
        user and user.is_staff and seen and seen + settings.OPERATOR_IDLE <= browser.read_at
    )
