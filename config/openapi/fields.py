"""JSON Schema for fields of request bodies that Python code validates, by the field's name."""

from typing import Any

from accounts.addresses import MAX_TYPED_CHARACTERS
from accounts.api.user_states import MAX_MANY
from accounts.forms.fields import MAX_NAME
from accounts.forms.user_fields import LOCALE, MAX_EXTERNAL_ID, MAX_LOCALE
from accounts.frontend_api.said import MAX_SECRET
from accounts.metadata import MAX_METADATA_KEYS
from accounts.passwords import HASHERS, MAX_LENGTH
from config import ids
from invitations.targets import MAX_TARGET_CHARACTERS

_ADDRESS = {"format": "email", "maxLength": MAX_TYPED_CHARACTERS}
_URL = {"format": "uri", "maxLength": MAX_TARGET_CHARACTERS}
_METADATA = {  # where objects are merged, the limit applies to the result
    "description": f"Any JSON object of up to 8 KiB and {MAX_METADATA_KEYS} keys in all; its keys are yours.",
}
_NAME = {"maxLength": MAX_NAME}
_SECRET = {"maxLength": MAX_SECRET}
_TIME = {"format": "date-time"}
_EMPTY: list[Any] = [None, False, 0, "", []]
_NOT_HERE = "Clerk's, for what Ollio does not have: it may be given empty."

SENT: dict[str, dict[str, Any]] = {
    "email_address": _ADDRESS,
    "identifier": _ADDRESS,
    "support_email": _ADDRESS,
    "redirect_url": _URL,
    "redirect_origins": _URL,
    "allowed_origins": _URL,
    "public_metadata": _METADATA,
    "private_metadata": _METADATA,
    "unsafe_metadata": _METADATA,
    "first_name": _NAME,
    "last_name": _NAME,
    "locale": {"pattern": f"^{LOCALE.pattern}$", "maxLength": MAX_LOCALE},
    "username": {"pattern": "^[A-Za-z0-9._-]{1,64}$"},
    "external_id": {"minLength": 1, "maxLength": MAX_EXTERNAL_ID},
    "created_at": _TIME,
    "legal_accepted_at": _TIME,
    "password": {"maxLength": MAX_LENGTH, "format": "password"},
    "code": _SECRET,
    "ticket": _SECRET,
    "password_hasher": {"enum": list(HASHERS)},
    "primary_email_address_id": {"pattern": f"^{ids.pattern('idn')}$"},
    "user_ids": {"pattern": f"^{ids.pattern('user')}$"},
}
# The minimum and maximum length of lists.
LISTS: dict[str, dict[str, int]] = {
    "email_address": {"minItems": 1},
    "user_ids": {"minItems": 1, "maxItems": MAX_MANY},
}
# Fields of Clerk's API for features that Ollio does not have. They accept only empty values. Fields that ask to skip
# such a feature's step accept true as well.
WITHOUT_EFFECT = {"description": _NOT_HERE, "enum": _EMPTY}
SKIPPED = {"description": _NOT_HERE, "enum": [True, *_EMPTY]}
_SKIPPED_NAMES = {"skip_legal_checks", "skip_user_requirement"}


def sent(name: str, *, field: dict[str, Any]) -> dict[str, Any]:
    """Return the field's schema, completed with what is known here."""
    if name in _SKIPPED_NAMES:
        return SKIPPED
    if not field:
        return WITHOUT_EFFECT
    known = SENT.get(name, {})
    if field.get("type") == "array":
        return {**field, "items": {**field["items"], **known}, **LISTS.get(name, {})}
    if "anyOf" in field:
        first, *others = field["anyOf"]
        return {**field, "anyOf": [{**first, **known}, *others]}
    return {**field, **known}
