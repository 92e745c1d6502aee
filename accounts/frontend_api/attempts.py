"""What a browser has begun and may go on with: its session names it, so that no other browser can. Tabs that have
begun different things do not disturb each other (T-C5).
"""

from django.http import HttpRequest

from accounts.models import SignIn, SignUp
from config.database import now
from config.ids import new_id
from invitations.models import Ticket

CLIENT, SINCE = "client_id", "client_since"
_SIGN_UPS, _SIGN_INS = "sign_ups", "sign_ins"  # the ids, newest last, each with that of its ticket
_MOST = 5  # of a kind; whoever begins more has forgotten the oldest


def newest_sign_up(request: HttpRequest) -> SignUp | None:
    """The unfinished sign-up that this browser has begun or gone on with last."""
    begun = _sign_ups(request)
    return begun[-1] if begun else None


def sign_up_named(request: HttpRequest, sign_up_id: str) -> SignUp | None:
    begun = _sign_ups(request) if sign_up_id in _begun(request, _SIGN_UPS) else []
    return next((each for each in begun if each.pk == sign_up_id), None)


def sign_up_with(request: HttpRequest, ticket: Ticket) -> SignUp | None:
    """The one that this ticket goes on with, after a reload or in a second tab. Another ticket of its invitation
    will do, unless that proves less.
    """
    for begun in reversed(_sign_ups(request)):
        if begun.ticket and begun.ticket.invitation_id == ticket.invitation_id:
            return begun if begun.is_proved or not ticket.proves_address else None
    return None


def ticket_of_sign_up(request: HttpRequest, sign_up_id: str) -> int | None:
    """The ticket that it began with, even when the sign-up itself is no more."""
    return _begun(request, _SIGN_UPS).get(sign_up_id)


def newest_sign_in(request: HttpRequest) -> SignIn | None:
    names = _begun(request, _SIGN_INS)
    rows = SignIn.objects.unfinished().in_bulk(list(names)) if names else {}
    return next((rows[name] for name in reversed(names) if name in rows), None)


def sign_in_named(request: HttpRequest, sign_in_id: str) -> SignIn | None:
    if sign_in_id not in _begun(request, _SIGN_INS):
        return None
    return SignIn.objects.unfinished().filter(pk=sign_in_id).first()


def keep(request: HttpRequest, attempt: SignUp | SignIn) -> None:
    """Let this browser, and no other, begin or go on with it: a cookie that somebody planted, and knows, is worth
    nothing from here on (R-O1).
    """
    kept = request.session
    kept.setdefault(CLIENT, new_id("client"))
    kept.setdefault(SINCE, now().timestamp())
    kind = _SIGN_UPS if isinstance(attempt, SignUp) else _SIGN_INS
    others = [each for each in _begun(request, kind).items() if each[0] != attempt.pk]
    kept[kind] = dict([*others, (attempt.pk, attempt.ticket_id)][-_MOST:])
    if kept.session_key:
        kept.cycle_key()


def forget_attempts(request: HttpRequest) -> None:
    for kind in (_SIGN_UPS, _SIGN_INS):
        request.session.pop(kind, None)


def _sign_ups(request: HttpRequest) -> list[SignUp]:
    """Those that are unfinished, newest last."""
    names = _begun(request, _SIGN_UPS)
    if not names:
        return []
    rows = SignUp.objects.unfinished().select_related("ticket").in_bulk(list(names))
    return [rows[name] for name in names if name in rows]


def _begun(request: HttpRequest, kind: str) -> dict[str, int | None]:
    return request.session.get(kind, {})
