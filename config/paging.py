"""Lists that stay fast with a million rows: keyset pagination, newest first, and counts that stop early."""

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
_MOST = 2**63 - 1  # the largest possible number of a row


class Page(NamedTuple):
    """Rows, newest first. `newer` and `older` are the positions of the next pages, or "" if there is none."""

    rows: list[Any]
    newer: str
    older: str


class PageQuery(forms.Form):
    """The query parameters of a list. Invalid values count as absent."""

    q = forms.CharField(required=False, max_length=254)
    before = forms.CharField(required=False, max_length=32)
    after = forms.CharField(required=False, max_length=32)

    def read(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


def page_of(rows: QuerySet, *, before: str, after: str) -> Page:
    """Return the rows older than the id `before`, or those newer than `after`, or else the newest page.

    Ids sort by creation time, so the primary key gives the order, without another index.
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
    """Do the same for several tables, whose rows have `at` and primary keys that increase with time.

    A position holds one primary key per table. So no row is lost or shown twice, even if times are equal.
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
    """Return the position at the end of a page: the last primary key of each table.

    A table without a row on the page keeps its key from `fence`, the position where the page began.
    """
    ends = dict(zip([rows.model for rows in sources], fence, strict=True))
    for row in shown:
        ends[type(row)] = choose(ends[type(row)], row.pk)
    return _text(list(ends.values()))


def _text(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def _numbers(text: str, wanted: int) -> list[int]:
    """Parse the output of `_text`. Return an empty list for any other text."""
    parts = text.split(".")
    if len(parts) != wanted or not all(re.fullmatch("[0-9]{1,19}", part) for part in parts):
        return []
    return [min(int(part), _MOST) for part in parts]


def _time(row: Any) -> tuple[datetime, str]:
    """Return the sort key. Rows with equal times need a fixed order too: the same one when paging back."""
    return row.at, row._meta.label


def addressed(prefix: str) -> Q:
    """Filter rows by the beginning of their address. A range can use an index, and needs no escaping like LIKE."""
    beginning = with_pluses(prefix.strip()).lower()
    return Q(email_key__gte=beginning, email_key__lt=f"{beginning}\U0010ffff") if beginning else Q()


def capped_count(rows: QuerySet) -> str:
    """Return the number of rows as text for people. Counting stops at 1000 ("1,000+")."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{intcomma(COUNTED)}+" if count > COUNTED else intcomma(count)
