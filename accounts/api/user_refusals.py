"""How the API words what users' verbs refuse."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.http import Http404
from pydantic_core import PydanticCustomError

from accounts.metadata import InvalidMetadata
from accounts.models import User
from accounts.models.user import IdentifierTaken, NotTheirAddress
from config.api_errors import APIRefusal, error

_PARAMETERS = {"email_keys": "email_address"}


@contextmanager
def worded() -> Iterator[None]:
    """Around a verb: its errors become answers."""
    try:
        yield
    except IdentifierTaken as taken:
        raise already_used(taken.fields) from taken
    except NotTheirAddress as fault:
        long_message = "Name one of the user's own verified addresses by its id."
        raise refused("primary_email_address_id", long_message=long_message) from fault
    except InvalidMetadata as fault:
        raise refused(fault.field, long_message=str(fault), code=fault.code) from fault
    except PydanticCustomError as fault:  # of a password, which is judged once its user is known
        raise refused("password", long_message=fault.message(), code=fault.type) from fault
    except User.DoesNotExist as gone:  # erased since they were found
        raise Http404 from gone


def already_used(identifiers: Iterable[str]) -> APIRefusal:
    return APIRefusal(422, *map(_already_used, identifiers))


def refused(
    param_name: str, *, long_message: str, code: str = "form_param_value_invalid"
) -> APIRefusal:
    told = error(code, "is invalid", f"{param_name}: {long_message}", param_name=param_name)
    return APIRefusal(422, told)


def _already_used(identifier: str) -> dict:
    name = _PARAMETERS.get(identifier, identifier)
    long_message = f"{name}: A user with this value exists."
    return error("form_identifier_exists", "already a user's", long_message, param_name=name)
