"""What happened to an invitation, in words for operators."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Words(NamedTuple):
    what: str | Promise
    note: str | Promise = ""
    tone: str = ""  # accent, good or bad


class Step(NamedTuple):
    """One line; `reason` is why a mail failed, `by` who did it."""

    words: Words
    at: datetime
    by: str
    reason: str


_WORDS = {
    "created": Words(_("Invited")),
    "mail_sent": Words(
        _("Taken by the mail server"), _("The mail is on its way to the mailbox."), tone="good"
    ),
    "mail_failed": Words(_("The mail could not be sent"), tone="bad"),
    "opened": Words(_("Link opened"), _("In a browser."), tone="accent"),
    "scanned": Words(
        _("A program looked at the link"), _("Mail scanners do that. It changes nothing.")
    ),
    "accepted": Words(_("Accepted"), tone="good"),
    "revoked": Words(_("Revoked"), _("The link stopped working.")),
    "superseded": Words(_("Closed"), _("They came in by another invitation.")),
}


def steps(events: Iterable[Any]) -> list[Step]:
    """`events` come newest first, each with the `actor_address` of whoever did it."""
    return [_step(event) for event in events]


def _step(event: Any) -> Step:
    unknown = Words(event.kind.replace("_", " ").capitalize())
    return Step(
        words=_WORDS.get(event.kind, unknown),
        at=event.at,
        by=event.actor_name or event.actor_address or "",
        reason=event.detail.get("reason", ""),
    )
