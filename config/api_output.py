"""How the API answers. The JSON is written while the operation runs: nothing that can fail may come after
its commit, and an answer that is kept for repeats is kept in the same transaction.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.http import HttpResponse
from pydantic import BaseModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Deleted(BaseModel):
    """What a deletion answers; `object` is the name of what is gone."""

    object: str
    id: str
    deleted: Literal[True]


class Whole(BaseModel):
    """An object that tells all its fields, those that always hold the same too."""

    def model_post_init(self, _context: Any) -> None:
        self.__pydantic_fields_set__.update(type(self).model_fields)


def reply(document: BaseModel | Sequence[BaseModel]) -> HttpResponse:
    """An object, a page, or a bare array. A field that was never set is left out."""
    if isinstance(document, BaseModel):
        text = document.model_dump_json(exclude_unset=True)
    else:
        text = f"[{','.join(each.model_dump_json(exclude_unset=True) for each in document)}]"
    return HttpResponse(text, content_type="application/json")


def milliseconds(instant: datetime) -> int:
    """Times are Unix milliseconds."""
    return (instant - EPOCH) // timedelta(milliseconds=1)


def optional_milliseconds(instant: datetime | None) -> int | None:
    return None if instant is None else milliseconds(instant)
