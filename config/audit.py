"""Who may do what, and one line of the timeline for each change of state.

The timeline is also the audit log (decisions 17), so what happens to keys, settings and people is written
here too, by the app that must not know invitations.
"""

from datetime import datetime
from typing import Any, Protocol

from django.apps import apps
from django.core.exceptions import PermissionDenied

from config.database import DatabaseNow
from config.rights import Right


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
        actor_type=by.actor_type if by else "",
        actor_id=by.id if by else "",
        actor_name=by.name if by else "",
        detail=detail,
    )
