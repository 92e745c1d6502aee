"""The audit log: who came in and who was refused, from one table, and what was done to keys, settings and people,
from the timeline; in words.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.text import capfirst

from accounts import audit_words
from accounts.models import SecretKey, SecurityEvent, User
from accounts.models.security_event import period_of
from config import audit
from config.paging import Page, page_of_all
from invitations.models import Event
from invitations.models.event import AUDITED, IsAudited


class Asked(NamedTuple):
    """What the reader wants to see; empty or None is everything. `until` is the first instant that is too late."""

    family: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Line(NamedTuple):
    """`person` is who it is about, if they still have an account; `by` is who did it, where that is somebody else."""

    what: str
    note: str
    person: User | None
    by: str
    at: datetime
    times: int
    client: str
    browser: str


def page(asked: Asked, *, before: str, after: str) -> Page:
    found = page_of_all([_events(asked), _traces(asked)], before=before, after=after)
    return found._replace(rows=_lines(found.rows))


def _traces(asked: Asked) -> QuerySet:
    rows = SecurityEvent.objects.all()
    if asked.family:
        rows = rows.filter(family=asked.family)
    if asked.address:
        holder = User.objects.holding(asked.address).first()
        known = [holder.pk] if holder else []
        rows = rows.filter(subject__in=[*known, *audit.subjects_of(asked.address)])
    if asked.since:
        rows = rows.filter(period__gte=period_of(asked.since))
    if asked.until:
        rows = rows.filter(period__lt=period_of(asked.until))
    return rows


def _events(asked: Asked) -> QuerySet:
    rows = Event.objects.filter(IsAudited(F("kind"), "kinds"))
    if asked.family:
        rows = rows.filter(kind__in=[kind for kind, of in AUDITED.items() if of == asked.family])
    if asked.address:
        holder = User.objects.holding(asked.address).first()
        rows = rows.filter(Q(subject=holder.pk) | Q(actor_id=holder.pk)) if holder else rows.none()
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    return rows


def _lines(rows: list[Any]) -> list[Line]:
    ids = {each for row in rows for each in (row.subject, row.actor_id)}
    people = User.objects.in_bulk(_of("user", ids))
    keys = SecretKey.objects.in_bulk(_of("key", ids))
    return [_line(row, people=people, keys=keys) for row in rows]


def _of(prefix: str, ids: Iterable[str]) -> list[str]:
    return [each for each in ids if each.startswith(f"{prefix}_")]


def _line(row: Any, *, people: dict[str, User], keys: dict[str, SecretKey]) -> Line:
    person, key = people.get(row.subject), keys.get(row.subject)
    who = person.email_address if person else key.name if key else audit_words.stranger(row)
    what = audit_words.sentence(row, who=who)
    return Line(
        what=what if person or key else capfirst(what),
        note=audit_words.note(row),
        person=person,
        by=_by(row, people=people),
        at=row.at,
        times=getattr(row, "count", 1),
        client=getattr(row, "client", ""),
        browser=getattr(row, "browser", ""),
    )


def _by(row: Any, *, people: dict[str, User]) -> str:
    actor = people.get(row.actor_id)
    if row.actor_id == row.subject:
        return ""
    return row.actor_name or (actor.email_address if actor else "")
