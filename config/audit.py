"""Permission checks and the audit log.

`record` writes one timeline event for each change of state. The timeline is also the audit log, so it includes
changes to keys, settings and users. The accounts app must not import the invitations app; so both call this module.
`trace` writes security events (sign-ins, refused requests) to a separate table, with client and browser.
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

# All kinds of security event, each with the section of the audit log that shows it.
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
    """The author of a change: a user in the dashboard or a secret key. None stands for Ollio itself."""

    id: str

    @property
    def actor_type(self) -> str: ...

    @property
    def name(self) -> str: ...

    def may(self, right: Right) -> bool: ...


def permit(by: Actor | None, right: Right) -> None:
    """Raise PermissionDenied unless the actor has the right.

    The function that makes the change calls this, so the check holds for pages and APIs alike. An unknown right is
    refused for every actor, also for Ollio itself: it is a bug in our code, and must not allow anything.
    """
    if right not in Right or (by is not None and not by.may(right)):
        raise PermissionDenied(f"This needs the right to {right.replace('_', ' ')}.")


def record(
    kind: str, *, subject: str, by: Actor | None = None, at: datetime | None = None, **detail: Any
) -> None:
    """Append an event in the caller's transaction. `subject` is an id; `detail` holds no secret.

    Pass `at` if you have already read the database's clock; otherwise it is read now.
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
    """Count one security event. `kind` is a key of TRACED.

    It takes one SQL statement, whether the user is known or not. Trace a refusal outside a transaction: otherwise the
    rollback removes the event.

    `subject` is an id. If no user is known, pass the typed address as `address`. `how` distinguishes events of one
    kind. Client and browser come from the current request, if there is one.
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
    """Return the subjects that stand for an address without a user: its hash under each key.

    SECRET_KEY may have changed since an event was written, so the hashes under former keys are included.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_hash(email_key, key=key) for key in keys]


def _actor(by: Actor | None) -> dict[str, str]:
    said = (by.actor_type, by.id, by.name) if by else ("", "", "")
    return dict(zip(("actor_type", "actor_id", "actor_name"), said, strict=True))


def _client() -> dict[str, str]:
    """Return client and browser from the request's log context (config/request_log.py). An IPv6 /64 is one client."""
    request = structlog.contextvars.get_contextvars()
    browser = "".join(filter(str.isprintable, request.get("user_agent") or ""))
    return {"client": network_of(request.get("ip") or ""), "browser": browser[:_MAX_BROWSER]}


def _stranger(typed: object) -> tuple[str, dict[str, str]]:
    """Return subject and detail for what was typed as an address.

    Of a valid address, only a hash and the domain are kept. Of other text nothing is kept: it may be a password.
    """
    try:
        email_key = normalise_email(typed).email_key
    except InvalidAddress:
        return NO_ADDRESS, {}
    return _hash(email_key, key=settings.SECRET_KEY), {"domain": email_key.partition("@")[2]}


def _hash(email_key: str, *, key: str) -> str:
    digest = salted_hmac("ollio.audit", email_key, secret=key, algorithm="sha256").hexdigest()
    return f"address:{digest[:24]}"


def _log(kind: str, *, subject: str, how: str) -> None:
    """Log a refusal in its own line, and name it in the request's line too, whose status may be 200."""
    event = _REFUSALS.get(TRACED[kind])
    if event is None:
        return
    if "request_id" in structlog.contextvars.get_contextvars():
        structlog.contextvars.bind_contextvars(refused=kind)
    known = {"user_id": subject} if subject.startswith("user_") else {}
    logger.info(event, reason=kind, how=how, **known)
