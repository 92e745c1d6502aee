"""Whoever changes something important shows once more who they are, unless they have within 15 minutes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records

# Where allauth keeps a form that waits for the proof has no public name.
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

type _View = Callable[..., HttpResponseBase]


def required(view: _View | None = None, *, allow_get: bool = False) -> Any:
    """As allauth's `reauthentication_required`, which lets everybody pass who has neither a password nor a second
    factor. Here they give a mailed code (accounts/views/proof_by_code.py).
    """

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_asked = not (allow_get and request.method in ("GET", "HEAD"))
            if is_asked and not is_given(request):
                if request.method != "POST":
                    give_up(request)
                raise ReauthenticationRequired  # allauth keeps what was posted, and asks
            return view(request, *args, **kwargs)

        return guarded

    return decorate(view) if view else decorate


def give_up(request: Any) -> None:
    """Forget a form that waits for the proof: a look at its page, or a proof for something else, does not send it."""
    request.session.pop(STATE_SESSION_KEY, None)


def is_given(request: HttpRequest) -> bool:
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return is_recent([record["at"] for record in records if record.get("reauthenticated")])


def is_recent(times: list[float]) -> bool:
    """Whether the last of what was shown at these times, in seconds since 1970, counts as fresh."""
    return bool(times) and time.time() - max(times) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
