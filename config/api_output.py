"""API responses.

The operation itself builds the JSON: nothing that can fail may come after its commit, and a response that is stored
for repeated requests is stored in the same transaction.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.http import HttpResponse
from pydantic import BaseModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Deleted(BaseModel):
    """The response to a deletion. `object` is the kind of the deleted object."""

    object: str
    id: str
    deleted: Literal[True]


class Whole(BaseModel):
    """An object whose JSON has all fields, including those that keep their default value."""

    def model_post_init(self, _context: Any) -> None:
        self.__pydantic_fields_set__.update(type(self).model_fields)


def reply(document: BaseModel | Sequence[BaseModel]) -> HttpResponse:
    """Return the JSON response of an object, a page or an array. Fields that were never set are left out."""
    if isinstance(document, BaseModel):
        text = document.model_dump_json(exclude_unset=True)
    else:
        text = f"[{','.join(each.model_dump_json(exclude_unset=True) for each in document)}]"
    return HttpResponse(text, content_type="application/json")


def milliseconds(instant: datetime) -> int:
    """Return a time as the API writes it: in milliseconds since 1970."""
    return (instant - EPOCH) // timedelta(milliseconds=1)


def optional_milliseconds(instant: datetime | None) -> int | None:
    return None if instant is None else milliseconds(instant)
