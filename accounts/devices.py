"""In which browsers an account is known: a cookie there holds a secret for each account that has signed in.

The cookie proves nothing and signs nobody in. It sets a browser apart from strangers' ones while wrong passwords are
counted, and tells whether a sign-in comes from a new browser. It lives on the host that set it: on ours, or on the
application's, where that passes the Frontend API on. So one browser may hold two, each seen by its own door.

The secret is the account's and made here, never taken from the browser: a cookie that somebody planted, and knows,
makes no account known in it.
"""

import re
import secrets

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from accounts import emails
from accounts.models import KnownDevice, User
from accounts.models.known_device import KNOWN_FOR
from accounts.templatetags.browsers import browser_name
from config import audit
from config.clients import client_ip
from config.crypto import digest
from config.database import DatabaseNow, now

_COOKIE = settings.OWN_COOKIE.format("known-browser")
_SECRET = re.compile(r"[\w-]{43}", re.ASCII)
_HELD = 8  # accounts that one browser is known to; the newest come first
_NEW = "ollio.known_browser"  # what the answer sets, in request.META


def knows(request: HttpRequest, *, email_key: str) -> str:
    """A name for this browser, where the account with the address is known in it; else nothing."""
    held = [digest(secret) for secret in _held(request)]
    if not held:
        return ""
    devices = KnownDevice.objects.of_address(email_key).among(held)
    return devices.values_list("secret_hash", flat=True).first() or ""


def remember(request: HttpRequest, *, user: User) -> None:
    """Let the account be known in this browser: of somebody who has just signed up, or changed the password here."""
    secret = secrets.token_urlsafe()
    KnownDevice.objects.create(user_id=user.pk, secret_hash=digest(secret))
    _hold(request, secret)


def recognise(request: HttpRequest, *, user: User) -> None:
    """After a sign-in that is complete. Who has signed in elsewhere before is told of a browser that is new."""
    with transaction.atomic():
        # Whose password is another one by now, or who is erased, is known nowhere any more.
        unchanged = User.objects.select_for_update().filter(pk=user.pk, password=user.password)
        if not list(unchanged.values_list("pk")):
            return
        devices = user.known_devices.living()
        hashes = set(devices.values_list("pk", flat=True))
        secret = next((each for each in _held(request) if digest(each) in hashes), "")
        if secret:
            devices.filter(pk=digest(secret)).update(last_used_at=DatabaseNow())
            _hold(request, secret)
            return
        remember(request, user=user)
        if hashes:
            KnownDevice.objects.trim(user.pk)
            _tell(request, user=user)


def follow(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie where a secret was given or used."""
    held = request.META.get(_NEW)
    if held:
        response.set_cookie(
            _COOKIE,
            ".".join(held),
            max_age=KNOWN_FOR,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )


def _held(request: HttpRequest) -> list[str]:
    secrets_held = request.COOKIES.get(_COOKIE, "").split(".")[:_HELD]
    return [secret for secret in secrets_held if _SECRET.fullmatch(secret)]


def _hold(request: HttpRequest, secret: str) -> None:
    others = [each for each in _held(request) if each != secret]
    request.META[_NEW] = [secret, *others][:_HELD]


def _tell(request: HttpRequest, *, user: User) -> None:
    browser = browser_name(request.headers.get("User-Agent", ""))
    client = client_ip(request)
    audit.trace("new_browser", subject=user.pk)
    emails.new_browser(user.email_address, browser=browser, client=client, at=now()).send()
