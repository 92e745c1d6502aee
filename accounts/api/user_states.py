"""Ban and lock, of one user and of many. Each may be repeated without error."""

from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpResponse
from ninja import Router

from accounts.api.found_user import Found, changed
from accounts.api.user_parameters import ManyUsers
from accounts.api.user_refusals import worded
from accounts.models import User
from accounts.user_object import UserObject, present, readable
from config.api_errors import APIRefusal, error
from config.api_input import APIRequest, InBody, InQuery, Nothing
from config.api_output import reply
from config.audit import Actor

MAX_MANY = 50

router = Router()


@router.post("/ban", response=list[UserObject])
def ban_users(
    request: APIRequest, body: InBody[ManyUsers], query: InQuery[Nothing]
) -> HttpResponse:
    """Ban up to 50 users, all or none: where one id is unknown (404) nobody is banned."""
    return _change_all(body.user_ids, User.ban, by=request.auth)


@router.post("/unban", response=list[UserObject])
def unban_users(
    request: APIRequest, body: InBody[ManyUsers], query: InQuery[Nothing]
) -> HttpResponse:
    """Unban up to 50 users, all or none."""
    return _change_all(body.user_ids, User.unban, by=request.auth)


@router.post("/{user}/ban", response=UserObject)
def ban_user(
    request: APIRequest, user: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """End all sessions of the user at once, and refuse sign-in until they are unbanned."""
    return changed(user, User.ban, by=request.auth)


@router.post("/{user}/unban", response=UserObject)
def unban_user(
    request: APIRequest, user: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Let a banned user sign in again. Sessions from before the ban stay ended."""
    return changed(user, User.unban, by=request.auth)


@router.post("/{user}/lock", response=UserObject)
def lock_user(
    request: APIRequest, user: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Refuse sign-in for one hour from now; sessions go on."""
    return changed(user, User.lock, by=request.auth)


@router.post("/{user}/unlock", response=UserObject)
def unlock_user(
    request: APIRequest, user: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Let a locked user sign in again."""
    return changed(user, User.unlock, by=request.auth)


def _change_all(user_ids: list[str], verb: Callable[..., None], *, by: Actor) -> HttpResponse:
    """In one transaction, and in one order for everybody, so that no two of them wait for each other."""
    if len(user_ids) > MAX_MANY:
        long_message = f"Name at most {MAX_MANY} users in one call."
        raise APIRefusal(400, error("bulk_size_exceeded", "too many users", long_message))
    with worded(), transaction.atomic():
        users = User.objects.in_bulk(user_ids)
        if len(users) < len(set(user_ids)):
            raise Http404
        for user_id in sorted(users):
            verb(users[user_id], by=by)
        rows = readable(User.objects.filter(pk__in=user_ids)).in_bulk()
        return reply([present(rows[user_id]) for user_id in dict.fromkeys(user_ids)])
