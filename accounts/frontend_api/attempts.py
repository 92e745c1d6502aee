"""What a browser has begun and may go on with: its session names it, so that no other browser can. Tabs that have
begun different things do not disturb each other (T-C5).
"""

from django.http import HttpRequest

from accounts.models import SignIn, SignUp
from accounts.models.mailed_code import ATTEMPTS_KEPT
from config.database import now
from config.ids import new_id
from invitations.models import Ticket

CLIENT, SINCE = "client_id", "client_since"
# Session keys: the ids of what was begun, newest last, each with its ticket's.
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


def keep(request: HttpRequest, attempt: SignUp | SignIn, *, renew: bool = True) -> None:
    """Let this browser, and no other, begin or go on with it: a cookie that somebody planted, and knows, is worth
    nothing from here on (R-O1).
    """
    kept, kind = request.session, type(attempt)
    kept.setdefault(CLIENT, new_id("client"))
    kept.setdefault(SINCE, now().timestamp())
    others = [each for each in _begun(request, kind).items() if each[0] != attempt.pk]
    kept[_KINDS[kind]] = dict([*others, (attempt.pk, attempt.ticket_id)][-ATTEMPTS_KEPT:])
    if kept.session_key and renew:
        kept.cycle_key()


def forget_attempts(request: HttpRequest) -> None:
    for name in _KINDS.values():
        request.session.pop(name, None)


def _unfinished[Attempt: (SignUp, SignIn)](
    request: HttpRequest, kind: type[Attempt]
) -> list[Attempt]:
    """Newest last."""
    names = list(_begun(request, kind))
    rows = kind.objects.unfinished().select_related("ticket").in_bulk(names) if names else {}
    return [rows[name] for name in names if name in rows]


def _begun(request: HttpRequest, kind: type) -> dict[str, int | None]:
    return request.session.get(_KINDS[kind], {})
