"""One user of a path, and one as an answer."""

import re
from typing import Annotated

from django.http import Http404, HttpResponse
from pydantic import PlainValidator

from accounts.api.user_object import present, readable
from accounts.models import User
from config.api_output import reply

_ID = re.compile("user_[0-9A-Za-z]{27}")


def _find(user_id: str) -> User:
    found = User.objects.filter(pk=user_id).first() if _ID.fullmatch(user_id) else None
    if found is None:
        raise Http404
    return found


Found = Annotated[User, PlainValidator(_find, json_schema_input_type=str)]


def told(user: User) -> HttpResponse:
    """The user as stored: in the transaction of a change, so that nothing can fail after its commit."""
    stored = readable(User.objects.filter(pk=user.pk)).first()
    if stored is None:
        raise Http404
    return reply(present(stored))
