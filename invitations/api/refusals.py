"""Error responses for what the invitation models refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404

from config.api_errors import APIRefusal, error
from invitations.models import Invitation, InvitationClosed, InvitationRefused

_CLOSED = {
    "accepted": ("invitation_already_accepted", "already accepted"),
    "revoked": ("invitation_already_revoked", "already revoked"),
    "expired": ("invitation_expired", "expired; resend it first"),
}


@contextmanager
def worded() -> Iterator[None]:
    """Turn the errors of a model method into error responses."""
    try:
        yield
    except InvitationRefused as refused:
        raise _not_made(refused) from refused
    except InvitationClosed as closed:
        code, state = _CLOSED[closed.reason]
        message, _semicolon, _advice = state.partition(";")
        raise APIRefusal(400, error(code, message, f"The invitation is {state}.")) from closed
    except Invitation.DoesNotExist as gone:  # erased after it was read
        raise Http404 from gone


def already_user(address: str, **meta: Any) -> dict:
    long_message = f"A user with the address {address} exists."
    return error("form_identifier_exists", "already a user", long_message, **meta)


def already_invited(*addresses: str, **meta: Any) -> dict:
    long_message = f"Pending invitations exist for: {', '.join(addresses)}"
    return error("duplicate_record", "already invited", long_message, **meta)


def nothing_given(param_name: str, long_message: str) -> APIRefusal:
    missing = error("form_param_missing", "is missing", long_message, param_name=param_name)
    return APIRefusal(422, missing)


def _not_made(refused: InvitationRefused) -> APIRefusal:
    address = refused.email_address
    if refused.reason == "address_taken":
        return APIRefusal(422, already_user(address, param_name="email_address"))
    return APIRefusal(400, already_invited(address, email_addresses=[address]))
