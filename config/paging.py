"""Lists that stay fast at a million rows: pages by keyset, newest first, and counts that stop early."""

import heapq
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q, QuerySet

from accounts.addresses import with_pluses

ROWS = 50
COUNTED = 1000
_MOST = 2**63 - 1  # above every number that a row can have


class Page(NamedTuple):
    """Rows, newest first; `newer` and `older` are the ids to go on from, empty at the ends."""

    rows: list[Any]
    newer: str
    older: str


class PageQuery(forms.Form):
    """What a list's address may say; what it says wrongly counts as not said."""

    q = forms.CharField(required=False, max_length=254)
    before = forms.CharField(required=False, max_length=32)
    after = forms.CharField(required=False, max_length=32)

    def read(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


def page_of(rows: QuerySet, *, before: str, after: str) -> Page:
    """The page that ends before an id, begins after one, or else the newest.

    Ids sort by their birth, so the primary key alone is the order and needs no index of its own.
    """
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        if len(found) > ROWS:
            shown = found[ROWS - 1 :: -1]
            return Page(rows=shown, newer=shown[0].pk, older=shown[-1].pk)
        before = ""  # too few for a page: the newest page holds them all
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: ROWS + 1])
    shown = found[:ROWS]
    return Page(
        rows=shown,
        newer=shown[0].pk if before and shown else "",
        older=shown[-1].pk if len(found) > ROWS else "",
    )


def page_of_all(sources: Sequence[QuerySet], *, before: str, after: str) -> Page:
    """The same over several tables, whose rows have `at` and numbers that follow time. A page ends at one number in
    each table, so that no row is lost or shown twice, however close in time they are.
    """
    fence = _numbers(after, len(sources))
    if fence:
        found = [
            list(rows.filter(pk__gt=number).order_by("pk")[: ROWS + 1])
            for rows, number in zip(sources, fence, strict=True)
        ]
        if sum(map(len, found)) > ROWS:
            shown = list(heapq.merge(*found, key=_time))[ROWS - 1 :: -1]
            ends = _ends(sources, shown, fence, choose=max)
            return Page(rows=shown, newer=ends, older=_text([number + 1 for number in fence]))
        before = ""  # too few for a page: the newest page holds them all
    asked = _numbers(before, len(sources))
    fence = asked or [_MOST] * len(sources)
    found = [
        list(rows.filter(pk__lt=number).order_by("-pk")[: ROWS + 1])
        for rows, number in zip(sources, fence, strict=True)
    ]
    shown = list(heapq.merge(*found, key=_time, reverse=True))[:ROWS]
    is_full = sum(map(len, found)) > ROWS
    return Page(
        rows=shown,
        newer=_text([max(number - 1, 0) for number in fence]) if asked and shown else "",
        older=_ends(sources, shown, fence, choose=min) if is_full else "",
    )


def _ends(
    sources: Sequence[QuerySet], shown: list[Any], fence: list[int], *, choose: Callable[..., int]
) -> str:
    """The last number of each table on a page; where the page has no row of it, the fence stands where it stood."""
    ends = dict(zip([rows.model for rows in sources], fence, strict=True))
    for row in shown:
        ends[type(row)] = choose(ends[type(row)], row.pk)
    return _text(list(ends.values()))


def _text(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def _numbers(text: str, wanted: int) -> list[int]:
    """What `_text` wrote; anything else counts as not said."""
    parts = text.split(".")
    if len(parts) != wanted or not all(re.fullmatch("[0-9]{1,19}", part) for part in parts):
        return []
    return [min(int(part), _MOST) for part in parts]


def _time(row: Any) -> tuple[datetime, str]:
    """Rows of one instant have an order too, or they would change places on the way back."""
    return row.at, row._meta.label


def addressed(prefix: str) -> Q:
    """Rows whose address begins so: a range, which an index answers, and no pattern to escape."""
    beginning = with_pluses(prefix.strip()).lower()
    return Q(email_key__gte=beginning, email_key__lt=f"{beginning}\U0010ffff") if beginning else Q()


def capped_count(rows: QuerySet) -> str:
    """How many, for people: counting stops at a thousand."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{intcomma(COUNTED)}+" if count > COUNTED else intcomma(count)
