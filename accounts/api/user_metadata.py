from typing import Any

from django.http import HttpResponse
from ninja import Router

from accounts.api.found_user import Found, changed
from accounts.api.user_parameters import MergeMetadata, ReplaceMetadata
from accounts.models import User
from accounts.user_object import UserObject
from config.api_input import APIRequest, InBody, InQuery, Nothing

router = Router()


@router.patch("/{user}/metadata", response=UserObject)
def merge_user_metadata(
    request: APIRequest, user: Found, body: InBody[MergeMetadata], query: InQuery[Nothing]
) -> HttpResponse:
    """Lay what is given over the user's metadata: objects merge key by key, at every level null deletes the
    key, everything else replaces. The limits hold for the result.

    `public_metadata` is for all to see, `private_metadata` for servers, `unsafe_metadata` is the person's
    own. None of them gives anybody a right in Ollio.
    """
    patches: dict[str, Any] = body.model_dump(exclude_unset=True)
    return changed(user, User.merge_metadata, by=request.auth, **patches)


@router.put("/{user}/metadata", response=UserObject)
def replace_user_metadata(
    request: APIRequest, user: Found, body: InBody[ReplaceMetadata], query: InQuery[Nothing]
) -> HttpResponse:
    """Replace each of the three objects that is given, as a whole; the others stay."""
    objects: dict[str, Any] = body.model_dump(exclude_unset=True)
    return changed(user, User.replace_metadata, by=request.auth, **objects)
