"""What a browser has begun and may go on with: its row names it, so that no other browser can. Tabs that have begun
different things do not disturb each other.
"""

from django.http import HttpRequest

from accounts import sessions
from accounts.frontend_api.refusals import over
from accounts.models import Browser, SignIn, SignUp
from accounts.models.mailed_code import ATTEMPTS_KEPT
from invitations.models import Ticket

_KINDS: dict[type, str] = {SignUp: "sign_ups", SignIn: "sign_ins"}


def newest[Attempt: (SignUp, SignIn)](request: HttpRequest, kind: type[Attempt]) -> Attempt | None:
    """The unfinished one that this browser has begun or gone on with last."""
    return next(reversed(_unfinished(request, kind)), None)


def named[Attempt: (SignUp, SignIn)](
    request: HttpRequest, kind: type[Attempt], attempt_id: str
) -> Attempt | None:
    return next((each for each in _unfinished(request, kind) if each.pk == attempt_id), None)


def sign_up_with(request: HttpRequest, ticket: Ticket) -> SignUp | None:
    """The one that this ticket goes on with, after a reload or in a second tab. Another ticket of its invitation
    will do, unless that proves less.
    """
    for begun in reversed(_unfinished(request, SignUp)):
        if begun.ticket and begun.ticket.invitation_id == ticket.invitation_id:
            return begun if begun.is_proved or not ticket.proves_address else None
    return None


def ticket_of_sign_up(request: HttpRequest, sign_up_id: str) -> int | None:
    """The ticket that it began with, even when the sign-up itself is no more."""
    return _begun(request, SignUp).get(sign_up_id)


def keep(request: HttpRequest, attempt: SignUp | SignIn) -> None:
    """Let this browser, and no other, go on with what it has just begun. Its secret is new from here on: one that
    somebody planted, and knows, is worth nothing.
    """
    browser, begun = sessions.known(request), _with(request, attempt)
    key = browser.renew(begun=begun) if browser else None
    # Without a key another request was quicker, and took along what was begun before.
    if browser is None or key is None:
        browser, key = Browser.objects.begin(begun=_alone(attempt))
    sessions.remember(request, browser, key=key)


def go_on(request: HttpRequest, attempt: SignUp | SignIn, *, renew: bool = True) -> None:
    """It is the newest one now. Raises a refusal where another request of this browser has renewed the secret."""
    browser = sessions.known(request)
    assert browser, "it has named the attempt"
    begun = _with(request, attempt)
    if not renew:
        return browser.note_begun(begun)
    key = browser.renew(begun=begun)
    if key is None:
        raise over()
    return sessions.remember(request, browser, key=key)


def _unfinished[Attempt: (SignUp, SignIn)](
    request: HttpRequest, kind: type[Attempt]
) -> list[Attempt]:
    """Newest last."""
    names = list(_begun(request, kind))
    rows = kind.objects.unfinished().select_related("ticket").in_bulk(names) if names else {}
    return [rows[name] for name in names if name in rows]


def _begun(request: HttpRequest, kind: type) -> dict[str, int | None]:
    browser = sessions.known(request)
    return dict(browser.begun.get(_KINDS[kind], [])) if browser else {}


def _with(request: HttpRequest, attempt: SignUp | SignIn) -> dict[str, list]:
    """All that the browser has begun, this one as the newest; who begins many has forgotten the oldest."""
    others = [each for each in _begun(request, type(attempt)).items() if each[0] != attempt.pk]
    newest_last = [*others, (attempt.pk, attempt.ticket_id)][-ATTEMPTS_KEPT:]
    browser = sessions.known(request)
    return {**(browser.begun if browser else {}), _KINDS[type(attempt)]: newest_last}


def _alone(attempt: SignUp | SignIn) -> dict[str, list]:
    return {_KINDS[type(attempt)]: [(attempt.pk, attempt.ticket_id)]}
