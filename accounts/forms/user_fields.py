"""What a user's fields may hold when a program says it: types for the bodies of users' calls."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from accounts.addresses import NormalisedAddress
from accounts.forms.fields import NameField
from accounts.metadata import is_storable
from accounts.models import User
from accounts.passwords import MAX_LENGTH, normalised
from config.api_input import Address, given, invalid
from config.api_output import EPOCH
from config.database import now

MAX_ADDRESSES = 100
MAX_EXTERNAL_ID = 256
MAX_LOCALE = 35

_USERNAME = re.compile("[A-Za-z0-9._-]+")
LOCALE = re.compile("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,6}")
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_NO_TIME = "Give a time as RFC 3339 writes it, such as 2026-01-31T12:00:00Z."
_NOT_STRONG = "form_password_not_strong_enough"  # also what a validator says that somebody added
_PASSWORD_CODES = {
    "password_too_short": "form_password_length_too_short",
    "password_too_long": "form_password_length_too_long",
    "password_too_common": "form_password_pwned",
    "password_breached": "form_password_pwned",
    "password_guessable": _NOT_STRONG,
    "password_too_similar": _NOT_STRONG,
}


def judge_password(password: str, *, person: User, is_checked: bool = True) -> str:
    """The rules of the sign-up page. Without checks there must still be a password, of a bearable length.

    The error's type is the API's code for the first rule that is broken.
    """
    storable(password)
    try:
        if is_checked or not 0 < len(normalised(password)) <= MAX_LENGTH:
            validate_password(password, user=person)
    except ValidationError as refused:
        fault = refused.error_list[0]
        code = _PASSWORD_CODES.get(fault.code or "", _NOT_STRONG)
        raise invalid(" ".join(fault.messages), code=code) from refused
    return password


def storable(text: str) -> str:
    if not is_storable(text):
        raise invalid("Remove U+0000 and lone surrogates.")
    return text


def _short(text: str, *, most: int) -> str:
    if len(text) > most:
        long_message = f"Use at most {most} characters."
        raise invalid(long_message, code="form_param_max_length_exceeded")
    return storable(text)


def _name(text: str) -> str:
    """As a person may call themselves on their account page."""
    storable(text)
    try:
        return NameField(required=False).clean(text)
    except ValidationError as refused:
        fault = refused.error_list[0]
        too_long = fault.code == "max_length"
        code = "form_param_max_length_exceeded" if too_long else "form_param_value_invalid"
        raise invalid(" ".join(fault.messages), code=code) from refused


def _username(text: str) -> str:
    if not _USERNAME.fullmatch(_short(text, most=64)):
        raise invalid("Use 1 to 64 ASCII letters, digits, dots, hyphens and underscores.")
    return text.lower()


def _external_id(text: str) -> str:
    if not text:
        raise invalid("Give at least one character, or null for none.")
    return _short(text, most=MAX_EXTERNAL_ID)


def _locale(text: str) -> str:
    if not LOCALE.fullmatch(text) or len(text) > MAX_LOCALE:
        raise invalid("Give a language tag such as en or pt-BR.")
    return text


def _past(text: object) -> datetime:
    if not (isinstance(text, str) and _RFC_3339.fullmatch(text)):
        raise invalid(_NO_TIME)
    try:
        instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as fault:  # the thirteenth month, the year 0
        raise invalid(_NO_TIME) from fault
    if not EPOCH <= instant <= now():
        raise invalid("Give a time between 1970 and now.")
    return instant


def some(values: object) -> object:
    """At least one."""
    return given(None if values == [] else values)


def _different(addresses: list[NormalisedAddress]) -> list[NormalisedAddress]:
    if len(set(addresses)) < len(addresses):
        raise invalid("Give each address once.", code="form_param_duplicate")
    return addresses


def _without_effect(value: Any) -> None:
    if value not in (None, False, "") and value != []:
        raise invalid("Ollio does not have this; leave it out or empty.")


def _skipped(value: Any) -> None:
    if value is not True:
        _without_effect(value)


Addresses = Annotated[
    list[Address],
    Field(max_length=MAX_ADDRESSES),
    AfterValidator(_different),
    BeforeValidator(some),
]
Name = Annotated[str, AfterValidator(_name)]
Username = Annotated[str, AfterValidator(_username)]
ExternalId = Annotated[str, AfterValidator(_external_id)]
Locale = Annotated[str, AfterValidator(_locale)]
Past = Annotated[datetime, PlainValidator(_past, json_schema_input_type=str)]
WithoutEffect = Annotated[None, PlainValidator(_without_effect, json_schema_input_type=Any)]
Skipped = Annotated[None, PlainValidator(_skipped, json_schema_input_type=bool)]
