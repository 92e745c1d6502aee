"""Types of query parameters. Each gets all values of its key, so that a repeated key is noticed."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from django.db.models import QuerySet, Subquery
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from accounts.addresses import with_pluses
from config.api_input import invalid

MAX_LIST_VALUES = 100
MAX_OFFSET = 2**53 - 1
MAX_COUNT = 10_000  # filtered counts stop here, to limit their cost

_DIGITS = re.compile("[0-9]{1,16}")
_ORDER = re.compile(r"(?P<sign>[+ -]?)(?P<field>\w+)", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

Item = TypeVar("Item")


def ordering(*fields: str) -> BeforeValidator:
    """Validate `order_by`: one of `fields`, with an optional sign. Return Django's ordering; `id` breaks ties."""

    def read_order(values: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        if isinstance(values, tuple):
            return values
        match = _ORDER.fullmatch(_single(values))
        if match is None or match["field"] not in fields:
            raise invalid(f"Use one of {', '.join(fields)}, with - in front for descending.")
        sign = "-" if match["sign"] == "-" else ""
        return (f"{sign}{match['field']}", f"{sign}id")

    values = tuple(f"{sign}{field}" for field in fields for sign in ("-", "", "+"))
    return BeforeValidator(read_order, json_schema_input_type=Literal[values])


def behind[Rows: QuerySet](
    rows: Rows, *, last: str, born: datetime | Subquery, order_by: Sequence[str]
) -> Rows:
    """Return the rows after the row `last`, ordered by creation time; this is `starting_after`.

    `born` is the creation time of the row `last`.
    """
    if order_by[0].startswith("-"):
        return rows.filter(created_at__lte=born).exclude(created_at=born, id__gte=last)
    return rows.filter(created_at__gte=born).exclude(created_at=born, id__lte=last)


def _only_by_birth(value: str, said: ValidationInfo) -> str:
    order, offset = said.data.get("order_by", ("-created_at",)), said.data.get("offset", 0)
    if value and (offset or order[0].lstrip("-") != "created_at"):
        raise invalid("Use it without offset, and with order_by created_at or -created_at.")
    return value


def _single(values: list[str]) -> str:
    if len(values) > 1:
        raise invalid("Give it once.", code="form_param_duplicate")
    if "\0" in values[0]:
        raise invalid("Remove U+0000.")
    return values[0]


def _integer(values: list[str]) -> int:
    text = _single(values)
    if not _DIGITS.fullmatch(text):
        raise invalid("Give a whole number in digits, within its range.")
    return int(text)


def _boolean(values: list[str]) -> bool:
    text = _single(values)
    if text not in _BOOLEANS:
        raise invalid("Give true, false, 1 or 0.")
    return _BOOLEANS[text]


QueryText = Annotated[str, BeforeValidator(_single)]
QueryAddress = Annotated[QueryText, AfterValidator(with_pluses)]  # a full or partial address
QueryInteger = Annotated[int, BeforeValidator(_integer)]
QueryBoolean = Annotated[bool, BeforeValidator(_boolean)]
QueryList = Annotated[list[Item], Field(max_length=MAX_LIST_VALUES)]
Limit = Annotated[QueryInteger, Field(ge=1, le=500)]
Offset = Annotated[QueryInteger, Field(ge=0, le=MAX_OFFSET)]
# Declare it after `order_by` and `offset`: its validation depends on their values.
StartingAfter = Annotated[QueryText, AfterValidator(_only_by_birth)]
