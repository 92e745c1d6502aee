"""One user of a path, and one as an answer."""

from collections.abc import Callable
from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpResponse
from pydantic import PlainValidator

from accounts.api.user_refusals import worded
from accounts.models import User
from accounts.user_object import present, readable
from config.api_input import in_path
from config.api_output import reply
from config.audit import Actor


def _find(user_id: str) -> User:
    return in_path(User.objects.all(), text=user_id, prefix="user")


Found = Annotated[User, PlainValidator(_find, json_schema_input_type=str)]


def changed(user: User, verb: Callable[..., None], *, by: Actor, **values: Any) -> HttpResponse:
    """What the verb, one of a user, makes of them."""
    with worded(), transaction.atomic():
        verb(user, by=by, **values)
        return told(user)


def told(user: User) -> HttpResponse:
    """The user as stored: in the transaction of a change, so that nothing can fail after its commit."""
    stored = readable(User.objects.filter(pk=user.pk)).first()
    if stored is None:
        raise Http404
    return reply(present(stored))
