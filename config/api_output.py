"""How the API answers. The JSON is written while the operation runs: nothing that can fail may come after
its commit (contract 1.5), and an answer that is kept for repeats is kept in the same transaction (1.7).
"""

from collections.abc import Sequence
from typing import Literal

from django.http import HttpResponse
from pydantic import BaseModel


class Deleted(BaseModel):
    """What a deletion answers (contract 1.3 rule 8); `object` is the name of what is gone."""

    object: str
    id: str
    deleted: Literal[True]


def reply(document: BaseModel | Sequence[BaseModel]) -> HttpResponse:
    """An object, a page, or a bare array. A field that was never set is left out."""
    if isinstance(document, BaseModel):
        text = document.model_dump_json(exclude_unset=True)
    else:
        text = f"[{','.join(each.model_dump_json(exclude_unset=True) for each in document)}]"
    return HttpResponse(text, content_type="application/json")
