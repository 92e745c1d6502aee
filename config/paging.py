"""Lists that stay fast at a million rows: pages by keyset, newest first, and counts that stop early."""

from typing import Any, NamedTuple

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q, QuerySet

ROWS = 50
COUNTED = 1000


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


def addressed(prefix: str) -> Q:
    """Rows whose address begins so: a range, which an index answers, and no pattern to escape."""
    beginning = prefix.strip().lower()
    return Q(email_key__gte=beginning, email_key__lt=f"{beginning}\U0010ffff") if beginning else Q()


def capped_count(rows: QuerySet) -> str:
    """How many, for people: counting stops at a thousand (decisions 22)."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{intcomma(COUNTED)}+" if count > COUNTED else intcomma(count)
