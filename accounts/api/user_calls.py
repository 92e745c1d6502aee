from django.db import IntegrityError, transaction
from django.http import HttpResponse
from ninja import Router

from accounts import emails
from accounts.api.found_user import Found, told
from accounts.api.user_filters import CountUsers, ListUsers
from accounts.api.user_parameters import ChangeUser, CreateUser
from accounts.api.user_refusals import already_used, refused, worded
from accounts.models import Grant, User
from accounts.user_object import UserCount, UserObject, present, readable
from config import counters
from config.api_input import APIRequest, InBody, InQuery, Nothing
from config.api_output import Deleted, reply
from config.api_query import MAX_COUNT

router = Router()


@router.get("", response=list[UserObject])
def list_users(request: APIRequest, query: InQuery[ListUsers]) -> HttpResponse:
    """List users, the newest first. The answer is always an array; `GET /v1/users/count` counts.

    `query` is a part of an id, a name, a username or an address, in any case; the filters that end in
    `_query` look at one of these. A value of `user_id` or `external_id` with `-` in front leaves that user
    out. `starting_after`, a user's id, goes on behind that user: it stays quick where `offset` would not,
    and needs an order by `created_at`.
    """
    last = None
    if query.starting_after:
        last = User.objects.filter(pk=query.starting_after).first()
        if last is None:
            raise refused("starting_after", long_message="There is no user with this id.")
    return reply([present(user) for user in readable(query.page(last))])


@router.get("/count", response=UserCount)
def count_users(request: APIRequest, query: InQuery[CountUsers]) -> HttpResponse:
    """Count users, with the filters of the list. Without filters the number is exact; with filters counting
    stops at 10,000.
    """
    total = counters.total("users") if query.is_whole else query.find()[:MAX_COUNT].count()
    return reply(UserCount(object="total_count", total_count=total))


@router.post("", response=UserObject)
def create_user(
    request: APIRequest, body: InBody[CreateUser], query: InQuery[Nothing]
) -> HttpResponse:
    """Make a user, whatever the sign-up mode; no mail is sent. All addresses count as verified, and the
    first one is the user's first.

    Give a `password`, or a `password_digest` that `password_hasher` made elsewhere: its owner signs in with
    the password as before. Without either set `skip_password_requirement`. An address, a username or an
    external id of another user is refused with 422 `form_identifier_exists`.
    """
    _refuse_taken(body)
    fields = body.fields()
    try:
        with transaction.atomic():
            user = User.objects.create_user(grant=Grant.SECRET_KEY, by=request.auth, **fields)
            if body.banned:
                user.ban(by=request.auth)
            if body.locked:
                user.lock(by=request.auth)
            return told(user)
    except IntegrityError:
        _refuse_taken(body)  # by somebody who was quicker
        raise


@router.get("/{user}", response=UserObject)
def get_user(request: APIRequest, user: Found, query: InQuery[Nothing]) -> HttpResponse:
    """Read one user."""
    return told(user)


@router.patch("/{user}", response=UserObject)
def change_user(
    request: APIRequest, user: Found, body: InBody[ChangeUser], query: InQuery[Nothing]
) -> HttpResponse:
    """Change the fields given. Null clears `first_name`, `last_name`, `username`, `external_id` and
    `locale`; metadata is replaced, as by `PUT` of it.

    A new password ends all sessions of the user, with or without `sign_out_of_other_sessions`. Of operators
    and admins a key changes nothing but names and metadata (403).
    """
    former = user.email_address
    with worded():
        fields = body.fields(person=user)
        with transaction.atomic():
            user.change(by=request.auth, **fields)
            user.replace_metadata(by=request.auth, **body.metadata())
            if body.notify_primary_email_address_changed and user.email_address != former:
                emails.address_changed(former, to=user.email_address).send()
            return told(user)


@router.delete("/{user}", response=Deleted)
def delete_user(
    request: APIRequest, user: Found, body: InBody[Nothing], query: InQuery[Nothing]
) -> HttpResponse:
    """Erase a user with addresses, sessions and second factors. The addresses are free from then on;
    invitations stay, and name no user any more.
    """
    with worded():
        user.erase(by=request.auth)
    return reply(Deleted(object="user", id=user.id, deleted=True))


def _refuse_taken(body: CreateUser) -> None:
    taken = User.objects.taken(**body.identifiers)
    if taken:
        raise already_used(taken)
