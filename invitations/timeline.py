"""The events of an invitation or a user, with texts for operators."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from invitations.models import Event

_SHOWN = 200


class Words(NamedTuple):
    what: str | Promise
    note: str | Promise = ""
    tone: str = ""  # accent, good or bad


class Step(NamedTuple):
    """One line of the timeline. `reason`: why a mail failed. `by`: the name or address of the actor."""

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
    "updated": Words(_("Changed"), _("Links already sent follow.")),
    "resent": Words(_("Sent again"), _("Older links work as well.")),
    "link_created": Words(_("Link copied"), _("It works with a code mailed to the address.")),
    "accepted": Words(_("Accepted"), tone="good"),
    "revoked": Words(_("Revoked"), _("The link stopped working.")),
    "superseded": Words(_("Closed"), _("They came in by another invitation.")),
    "user_created": Words(_("Joined"), tone="good"),
    "banned": Words(_("Banned"), _("Signed out everywhere."), tone="bad"),
    "unbanned": Words(_("Unbanned")),
    "locked": Words(_("Locked"), tone="bad"),
    "unlocked": Words(_("Unlocked")),
    "signed_out_everywhere": Words(_("Signed out everywhere")),
    "second_factor_reset": Words(
        _("Second factor reset"), _("Signed out everywhere."), tone="accent"
    ),
    "changed": Words(_("Account changed")),
    "metadata_changed": Words(_("Metadata changed")),
}
_ROLES = {
    "operator": Words(_("Made an operator"), tone="accent"),
    "admin": Words(_("Made an admin"), tone="accent"),
    "user": Words(_("Made an ordinary user")),
}


def steps(subject: str) -> list[Step]:
    """Return the newest events first. An actor without a name is shown by e-mail address."""
    people = get_user_model().objects.filter(pk=OuterRef("actor_id"))
    events = Event.objects.filter(subject=subject).order_by("-id")
    named = events.annotate(actor_address=Subquery(people.values("email_address")[:1]))
    return [_step(event) for event in named[:_SHOWN]]


def _step(event: Any) -> Step:
    return Step(
        words=_words(event),
        at=event.at,
        by=event.actor_name or event.actor_address or "",
        reason=event.detail.get("reason", ""),
    )


def _words(event: Any) -> Words:
    if event.kind == "role_changed":
        return _ROLES[event.detail["role"]]
    return _WORDS.get(event.kind, Words(event.kind.replace("_", " ").capitalize()))
