"""What may be said about users: the bodies of their calls."""

from typing import Annotated, Any, ClassVar, Self

from django.contrib.auth.hashers import make_password
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)

from accounts.forms.user_fields import (
    Addresses,
    ExternalId,
    Locale,
    Name,
    Past,
    Skipped,
    Username,
    WithoutEffect,
    judge_password,
    some,
    storable,
)
from accounts.models import User
from accounts.passwords import HASHERS, InvalidDigest, encoded_digest
from config.api_input import Metadata, Told, invalid

_NAMES = ("first_name", "last_name")
METADATA = {"public_metadata", "private_metadata", "unsafe_metadata"}


def _known_hasher(name: str) -> str:
    if name not in HASHERS:
        raise invalid(f"Use one of {', '.join(HASHERS)}.")
    return name


def _with_hasher(digest: str | None, said: ValidationInfo) -> str | None:
    """What Django keeps of the digest. A hasher that was refused is told of already."""
    if digest is None or "password_hasher" not in said.data:
        return digest
    hasher = said.data["password_hasher"]
    if hasher is None:
        raise invalid("Say in password_hasher what made it.")
    try:
        return encoded_digest(digest, hasher=hasher)
    except InvalidDigest as fault:
        raise invalid(str(fault)) from fault


def _not_both(password: str | None, said: ValidationInfo) -> str | None:
    if password is not None and said.data.get("password_digest") is not None:
        raise invalid("Give a password or a digest of one, not both.")
    return password


def _needed(password: str | None, said: ValidationInfo) -> str | None:
    is_given = password is not None or said.data.get("password_digest", "refused") is not None
    if not is_given and not said.data.get("skip_password_requirement"):
        long_message = "Give a password or its digest, or set skip_password_requirement."
        raise invalid(long_message, code="form_param_missing")
    return password


def _judged(password: str | None, said: ValidationInfo) -> str | None:
    """With the address and names before it, which it must not resemble."""
    if password is None:
        return None
    addresses = said.data.get("email_address")
    person = User(
        email_address=addresses[0].email_address if addresses else "",
        first_name=said.data.get("first_name", ""),
        last_name=said.data.get("last_name", ""),
    )
    is_checked = not said.data.get("skip_password_checks")
    return judge_password(password, person=person, is_checked=is_checked)


Hasher = Annotated[str, AfterValidator(_known_hasher)]
Digest = Annotated[str | None, AfterValidator(_with_hasher)]
Password = Annotated[str | None, AfterValidator(_not_both)]


class _UserFields(Told):
    """What create and change have in common. Those from `phone_number` on are Clerk's, for features that
    Ollio lacks: they may be given empty, and have no effect.
    """

    first_name: Name = ""
    last_name: Name = ""
    locale: Locale = ""
    username: Username | None = None
    external_id: ExternalId | None = None
    public_metadata: Metadata = {}
    private_metadata: Metadata = {}
    unsafe_metadata: Metadata = {}
    created_at: Past | None = None
    legal_accepted_at: Past | None = None
    delete_self_enabled: bool = False
    skip_password_checks: bool = False
    skip_password_requirement: bool = False
    password_hasher: Hasher | None = None
    password_digest: Digest = None
    phone_number: WithoutEffect = None
    phone_number_identification_status: WithoutEffect = None
    email_address_identification_status: WithoutEffect = None
    web3_wallet: WithoutEffect = None
    primary_phone_number_id: WithoutEffect = None
    primary_web3_wallet_id: WithoutEffect = None
    profile_image_id: WithoutEffect = None
    totp_secret: WithoutEffect = None
    backup_codes: WithoutEffect = None
    skip_legal_checks: Skipped = None
    skip_user_requirement: Skipped = None
    create_organization_enabled: WithoutEffect = None
    create_organizations_limit: WithoutEffect = None
    bypass_client_trust: WithoutEffect = None

    # Stored under their own names, by the verbs of a user.
    _stored: ClassVar[set[str]] = {
        "first_name",
        "last_name",
        "locale",
        "username",
        "external_id",
        "created_at",
        "legal_accepted_at",
        "delete_self_enabled",
    }


class CreateUser(_UserFields):
    """The first address is the user's first; all count as verified."""

    email_address: Addresses
    banned: bool = False
    locked: bool = False
    # Last, since it is judged by what stands before it.
    password: Annotated[
        Password, AfterValidator(_needed), AfterValidator(_judged), Field(validate_default=True)
    ] = None

    @property
    def email_addresses(self) -> list[str]:
        return [address.email_address for address in self.email_address]

    @property
    def identifiers(self) -> dict[str, Any]:
        """What only one user may have."""
        keys = [address.email_key for address in self.email_address]
        return {"email_keys": keys, "username": self.username, "external_id": self.external_id}

    def fields(self) -> dict[str, Any]:
        """As `create_user` calls them. It takes a while: a password is hashed."""
        first, *further = self.email_addresses
        password_hash = self.password_digest or make_password(self.password)
        return {
            "email_address": first,
            "further_addresses": further,
            "password_hash": password_hash,
            **self.model_dump(include=self._stored | METADATA, exclude_unset=True),
        }


class ChangeUser(_UserFields):
    """Null clears both names, `username`, `external_id` and `locale`; elsewhere it means "not given"."""

    primary_email_address_id: Annotated[str, AfterValidator(storable)] | None = None
    notify_primary_email_address_changed: bool = False
    sign_out_of_other_sessions: bool = False
    password: Password = None

    @model_validator(mode="wrap")
    @classmethod
    def _clear(cls, document: dict[str, Any], judge: ModelWrapValidatorHandler[Self]) -> Self:
        body = judge(document)
        clearable = {"first_name", "last_name", "username", "external_id", "locale"}
        body.model_fields_set.update(clearable & document.keys())
        return body

    def fields(self, *, person: User) -> dict[str, Any]:
        """As `change` calls them; a password is judged and hashed."""
        stored = self._stored | {"primary_email_address_id"}
        values = self.model_dump(include=stored, exclude_unset=True)
        if self.password is not None:
            names = {name: values.get(name, getattr(person, name)) for name in _NAMES}
            resembled = User(email_address=person.email_address, **names)
            is_checked = not self.skip_password_checks
            judge_password(self.password, person=resembled, is_checked=is_checked)
            values["password_hash"] = make_password(self.password)
        elif self.password_digest:
            values["password_hash"] = self.password_digest
        return values

    def metadata(self) -> dict[str, Any]:
        return self.model_dump(include=METADATA, exclude_unset=True)


class MergeMetadata(Told):
    """Only the result is measured: a patch may be long where it deletes."""

    public_metadata: dict = {}
    private_metadata: dict = {}
    unsafe_metadata: dict = {}


class ReplaceMetadata(Told):
    public_metadata: Metadata = {}
    private_metadata: Metadata = {}
    unsafe_metadata: Metadata = {}


class ManyUsers(Told):
    user_ids: Annotated[list[Annotated[str, AfterValidator(storable)]], BeforeValidator(some)]
