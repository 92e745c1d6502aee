"""How lists and counts of users are narrowed and ordered."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from django.db.models import F, OrderBy, Q, Subquery
from pydantic import AfterValidator, BaseModel, Field

from accounts.addresses import InvalidAddress, normalise_email, with_pluses
from accounts.models import User
from accounts.models.user_queries import UserQuerySet
from config.api_input import invalid
from config.api_output import EPOCH
from config.api_query import (
    Limit,
    Offset,
    QueryAddress,
    QueryBoolean,
    QueryInteger,
    QueryList,
    QueryText,
    StartingAfter,
    behind,
    ordering,
)

_LAST_MOMENT = 253_402_300_799_999  # the year 9999 ends
_ADDRESS = re.compile(r"[^@]*[^@\s]@\S*")
_COLUMNS = {"last_sign_in_at": "last_login"}
_NEVER_NULL = {"created_at", "updated_at", "email_address", "first_name", "last_name", "id"}


def _listed(text: str) -> str:
    if "\0" in text:
        raise invalid("Remove U+0000.")
    return text


def _any_part(text: str) -> str:
    """Of a name, or else of an address."""
    return with_pluses(text) if _ADDRESS.fullmatch(text) else text


Values = QueryList[Annotated[str, AfterValidator(_listed)]]
Moment = Annotated[QueryInteger | None, Field(le=_LAST_MOMENT)]


class CountUsers(BaseModel):
    """Each filter narrows further; of a repeated one, each value widens. Unknown values are no error."""

    email_address: Values = []
    user_id: Values = []
    external_id: Values = []
    username: Values = []
    query: Annotated[QueryText, AfterValidator(_any_part)] = ""
    email_address_query: QueryAddress = ""
    name_query: QueryText = ""
    username_query: QueryText = ""
    banned: QueryBoolean | None = None
    created_at_before: Moment = None
    created_at_after: Moment = None
    last_active_at_before: Moment = None
    last_active_at_after: Moment = None
    last_sign_in_at_before: Moment = None
    last_sign_in_at_after: Moment = None

    @property
    def is_whole(self) -> bool:
        """No filter at all: then the total is known without counting."""
        return not self.model_fields_set & CountUsers.model_fields.keys()

    def find(self) -> UserQuerySet:
        users = User.objects.filter(*self._conditions())
        if self.email_address:
            keys = list(_keys(self.email_address))
            users = users.filter(pk__in=User.objects.holding_any(keys).values("pk"))
        if self.query:
            users = users.matching(self.query)
        if self.email_address_query:
            users = users.addressed(self.email_address_query)
        if self.name_query:
            users = users.named(self.name_query)
        if self.username_query:
            users = users.called(self.username_query)
        return users

    def _conditions(self) -> Iterator[Q]:
        for field, values in (("id", self.user_id), ("external_id", self.external_id)):
            yield from _signed(field, values=values)
        if self.username:
            yield Q(username__in=[name.lower() for name in self.username])
        if self.banned is not None:
            yield Q(banned_at__isnull=not self.banned)
        yield from _between("created_at", self.created_at_after, self.created_at_before)
        yield from _between("last_active_at", self.last_active_at_after, self.last_active_at_before)
        yield from _between("last_login", self.last_sign_in_at_after, self.last_sign_in_at_before)


class ListUsers(CountUsers):
    order_by: Annotated[
        tuple[str, ...],
        ordering(
            "created_at",
            "updated_at",
            "email_address",
            "first_name",
            "last_name",
            "username",
            "last_active_at",
            "last_sign_in_at",
        ),
    ] = ("-created_at", "-id")
    limit: Limit = 10
    offset: Offset = 0
    starting_after: StartingAfter = ""

    def page(self, last: User | None) -> UserQuerySet:
        """The rows asked for; those behind `last`, where one is named."""
        users = self.find()
        if last:
            # Asked of the row itself: SQLite keeps instants as texts, and not all of them as long.
            born = Subquery(User.objects.filter(pk=last.pk).values("created_at")[:1])
            users = behind(users, last=last.pk, born=born, order_by=self.order_by)
        ordered = users.order_by(*(_order(name) for name in self.order_by))
        return ordered[self.offset : self.offset + self.limit]


def _keys(addresses: list[str]) -> Iterator[str]:
    """What is no address is nobody's."""
    for text in addresses:
        try:
            yield normalise_email(with_pluses(text.strip())).email_key
        except InvalidAddress:
            continue


def _signed(field: str, *, values: list[str]) -> Iterator[Q]:
    """A leading `-` leaves out. `+`, which a typed address turns into a space, or nothing lets in."""
    left_out = [value[1:] for value in values if value.startswith("-")]
    let_in = [value.lstrip("+ ") for value in values if not value.startswith("-")]
    if let_in:
        yield Q((f"{field}__in", let_in))
    if left_out:
        yield ~Q((f"{field}__in", left_out)) | Q((f"{field}__isnull", True))


def _between(column: str, after: int | None, before: int | None) -> Iterator[Q]:
    """By the milliseconds that the API shows, whatever the database keeps beyond them."""
    almost = timedelta(microseconds=999)
    if after is not None:
        yield Q((f"{column}__gt", EPOCH + timedelta(milliseconds=after) + almost))
    if before is not None:
        instant = EPOCH + timedelta(milliseconds=before)
        yield Q((f"{column}__lte", instant - timedelta(microseconds=1)))


def _order(name: str) -> str | OrderBy:
    """Who has no such value comes last, in both directions and on both databases."""
    field = name.removeprefix("-")
    if field in _NEVER_NULL:
        return name
    column = F(_COLUMNS.get(field, field))
    return column.desc(nulls_last=True) if name != field else column.asc(nulls_last=True)
