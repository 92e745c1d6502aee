"""Who may do what, and one line of the timeline for each change of state.

The timeline is also the audit log, so what happens to keys, settings and people is written
here too, by the app that must not know invitations. What happens at the doors, sign-ins and refusals, is traced
in a table of its own, with client and browser.
"""

from datetime import datetime
from typing import Any, Protocol

import structlog
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.crypto import salted_hmac

from accounts.addresses import InvalidAddress, normalise_email
from config.clients import network_of
from config.database import DatabaseNow
from config.rights import Right

# Everything that is traced, and the part of the audit log that shows it.
TRACED = {
    "signed_in": "sign_ins",
    "signed_out": "sign_ins",
    "sessions_ended": "sign_ins",
    "new_browser": "sign_ins",
    "wrong_password": "refused",
    "wrong_code": "refused",
    "wrong_second_factor": "refused",
    "refused_banned": "refused",
    "refused_locked": "refused",
    "code_asked": "accounts",
    "reset_asked": "accounts",
    "password_reset": "accounts",
    "password_changed": "accounts",
    "address_changed": "accounts",
    "factor_added": "factors",
    "factor_removed": "factors",
    "recovery_codes_made": "factors",
    "recovery_code_used": "factors",
    "limit_reached": "limits",
    "right_refused": "rights",
}
NO_ADDRESS = "no_address"
_REFUSALS = {"refused": "sign_in_refused", "limits": "limit_reached", "rights": "right_refused"}
_MAX_BROWSER = 200
_MAX_HOW = 64

logger = structlog.get_logger(__name__)


class Actor(Protocol):
    """Who does something: a user in the dashboard, a secret key, or None for Ollio itself."""

    id: str

    @property
    def actor_type(self) -> str: ...

    @property
    def name(self) -> str: ...

    def may(self, right: Right) -> bool: ...


def permit(by: Actor | None, right: Right) -> None:
    """Refuse in the verb itself, whichever door was used. What is no right is refused to everybody, to Ollio
    itself too: it is a fault of ours, and must not open anything. Raises PermissionDenied.
    """
    if right not in Right or (by is not None and not by.may(right)):
        raise PermissionDenied(f"This needs the right to {right.replace('_', ' ')}.")


def record(
    kind: str, *, subject: str, by: Actor | None = None, at: datetime | None = None, **detail: Any
) -> None:
    """Append an event in the caller's transaction. `subject` is an id; `detail` holds no secret.

    `at` is for those who read the database's clock already; else it is read now.
    """
    apps.get_model("invitations", "Event").objects.create(
        kind=kind,
        at=at or DatabaseNow(),
        subject=subject,
        detail=detail,
        **_actor(by),
    )


def trace(
    kind: str,
    *,
    subject: str = "",
    address: object = None,
    how: str = "",
    by: Actor | None = None,
    **detail: Any,
) -> None:
    """Count what happened at a door, one of TRACED, in one statement whoever it is about. Call it outside a
    transaction where it tells of a refusal, or the rollback forgets it.

    `subject` is an id. Where nobody is known, `address` is what was typed. `how` tells two of a kind apart. Client and
    browser are those of the request that is being answered, if there is one.
    """
    if not subject and address is not None:
        subject, about = _stranger(address)
        detail |= about
    apps.get_model("accounts", "SecurityEvent").objects.note(
        kind=kind,
        family=TRACED[kind],
        how=how[:_MAX_HOW],
        subject=subject,
        detail=detail,
        **_actor(by),
        **_client(),
    )
    _log(kind, subject=subject, how=how)


def subjects_of(email_key: str) -> list[str]:
    """What stands for an address that nobody has: a hash under each key, since the key may have changed meanwhile."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hash(email_key, key=key) for key in keys]


def _actor(by: Actor | None) -> dict[str, str]:
    said = (by.actor_type, by.id, by.name) if by else ("", "", "")
    return dict(zip(("actor_type", "actor_id", "actor_name"), said, strict=True))


def _client() -> dict[str, str]:
    """As the request's log lines have it (config/request_log.py); one customer of IPv6 is one client."""
    request = structlog.contextvars.get_contextvars()
    browser = "".join(filter(str.isprintable, request.get("user_agent") or ""))
    return {"client": network_of(request.get("ip") or ""), "browser": browser[:_MAX_BROWSER]}


def _stranger(typed: object) -> tuple[str, dict[str, str]]:
    """An address is kept as hash and domain; of anything else nothing is, since it may be a password."""
    try:
        email_key = normalise_email(typed).email_key
    except InvalidAddress:
        return NO_ADDRESS, {}
    return _hash(email_key, key=settings.SECRET_KEY), {"domain": email_key.partition("@")[2]}


def _hash(email_key: str, *, key: str) -> str:
    digest = salted_hmac("ollio.audit", email_key, secret=key, algorithm="sha256").hexdigest()
    return f"address:{digest[:24]}"


def _log(kind: str, *, subject: str, how: str) -> None:
    """A refusal has a line of its own, and is named in the line of the request, whose status may be 200."""
    event = _REFUSALS.get(TRACED[kind])
    if event is None:
        return
    if "request_id" in structlog.contextvars.get_contextvars():
        structlog.contextvars.bind_contextvars(refused=kind)
    known = {"user_id": subject} if subject.startswith("user_") else {}
    logger.info(event, reason=kind, how=how, **known)
