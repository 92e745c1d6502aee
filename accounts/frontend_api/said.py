"""What pages may say to the Frontend API: texts of forms, or the same as JSON. Keys without effect are ignored."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, model_validator

from accounts.forms.user_fields import storable
from accounts.metadata import InvalidJSON, clean_metadata, parse_json
from accounts.models.mailed_code import as_digits
from accounts.passwords import normalised
from config.api_input import cleaned, invalid

MAX_SECRET = 1100  # characters of a password or a code; longer ones are none


class Said(BaseModel):
    """A body; null and empty are "not given"."""

    model_config = ConfigDict(extra="ignore", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _forget_empty(cls, document: dict) -> dict:
        fields = cls.model_fields
        return {
            name: value
            for name, value in document.items()
            if name in fields and (value not in (None, "") or fields[name].is_required())
        }


def _object(value: Any) -> Any:
    """A form can only send an object as its text."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value.encode())
    except (InvalidJSON, UnicodeError) as fault:
        raise invalid("Give a JSON object.") from fault


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise invalid("Give a text.")
    return value


def _secret(value: Any) -> str:
    if len(normalised(_text(value))) > MAX_SECRET:
        raise invalid("Give a text of bearable length.")
    return storable(value)


def _code(value: Any) -> str:
    return as_digits(_secret(value))


Secret = Annotated[str, PlainValidator(_secret, json_schema_input_type=str)]
Code = Annotated[str, PlainValidator(_code, json_schema_input_type=str)]
# Whatever is no ticket gets the one answer of an unknown one, its form included.
TicketText = Annotated[str, PlainValidator(_text, json_schema_input_type=str)]
MetadataText = Annotated[dict, cleaned(clean_metadata, takes=dict), BeforeValidator(_object)]
