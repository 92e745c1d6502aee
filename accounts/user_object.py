from typing import Any, Literal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Prefetch
from pydantic import BaseModel

from accounts.models import EmailIdentity, Proof, User
from accounts.models.mailed_code import CODE_LIFETIME
from accounts.models.user_queries import UserQuerySet
from config.api_output import milliseconds, optional_milliseconds

# How an address was proved: `object` and `strategy` of its verification.
_VERIFICATIONS: dict[str, tuple[str, str]] = {
    Proof.TICKET: ("verification_ticket", "ticket"),
    Proof.CODE: ("verification_otp", "email_code"),
    Proof.ADMIN: ("verification_admin", "admin"),
}


class VerificationObject(BaseModel):
    object: Literal["verification_ticket", "verification_otp", "verification_admin"]
    status: Literal["verified"]
    strategy: Literal["ticket", "email_code", "admin"]
    attempts: int | None
    expire_at: int | None


class EmailAddressObject(BaseModel):
    object: Literal["email_address"]
    id: str
    email_address: str
    reserved: bool
    verification: VerificationObject
    linked_to: list[dict[str, Any]]
    matches_sso_connection: bool
    created_at: int
    updated_at: int


class OwnUserObject(BaseModel):
    """Field by field Clerk's `User`, as people see themselves. Lists that are always empty are of features that
    Ollio does not have.
    """

    object: Literal["user"]
    id: str
    external_id: str | None
    primary_email_address_id: str | None
    primary_phone_number_id: None
    primary_web3_wallet_id: None
    username: str | None
    first_name: str | None
    last_name: str | None
    locale: str | None
    timezone: None
    image_url: str
    profile_image_url: str
    profile_image_id: str
    has_image: bool
    public_metadata: dict[str, Any]
    unsafe_metadata: dict[str, Any]
    email_addresses: list[EmailAddressObject]
    phone_numbers: list[dict[str, Any]]
    web3_wallets: list[dict[str, Any]]
    passkeys: list[dict[str, Any]]
    external_accounts: list[dict[str, Any]]
    saml_accounts: list[dict[str, Any]]
    enterprise_accounts: list[dict[str, Any]]
    organization_memberships: list[dict[str, Any]]
    password_enabled: bool
    two_factor_enabled: bool
    totp_enabled: bool
    backup_code_enabled: bool
    mfa_enabled_at: int | None
    mfa_disabled_at: int | None
    password_last_updated_at: int | None
    last_sign_in_at: int | None
    last_active_at: int | None
    banned: bool
    locked: bool
    lockout_expires_in_seconds: int | None
    verification_attempts_remaining: int | None
    delete_self_enabled: bool
    create_organization_enabled: bool
    create_organizations_limit: None
    legal_accepted_at: int | None
    created_at: int
    updated_at: int


class UserObject(OwnUserObject):
    """With what only the application's own programs may know."""

    private_metadata: dict[str, Any]


class UserCount(BaseModel):
    object: Literal["total_count"]
    total_count: int


def readable(users: UserQuerySet) -> UserQuerySet:
    """With all that their JSON tells: three queries, however many they are. A user who was just made has it all."""
    proved = EmailAddress.objects.filter(verified=True, identity__isnull=False)
    addresses = proved.select_related("identity").order_by("-primary", "pk")
    return users.timed().prefetch_related(
        Prefetch("emailaddress_set", queryset=addresses, to_attr="known_addresses"),
        Prefetch("authenticator_set", to_attr="known_authenticators"),
    )


def present(user: User) -> UserObject:
    """The JSON of a user read by `readable()`."""
    return UserObject(**_fields(user), private_metadata=user.private_metadata)


def present_own(user: User) -> OwnUserObject:
    """The JSON of whoever is signed in, for themselves."""
    is_read = hasattr(user, "known_addresses")
    known = user if is_read else readable(User.objects.filter(pk=user.pk)).get()
    return OwnUserObject(**_fields(known))


def _fields(user: User) -> dict[str, Any]:
    return dict(
        object="user",
        id=user.id,
        external_id=user.external_id,
        username=user.username,
        first_name=user.first_name or None,
        last_name=user.last_name or None,
        locale=user.locale or None,
        public_metadata=user.public_metadata,
        unsafe_metadata=user.unsafe_metadata,
        banned=not user.is_active,
        locked=user.is_locked,
        lockout_expires_in_seconds=user.lockout_seconds,
        delete_self_enabled=user.delete_self_enabled,
        password_enabled=user.has_usable_password(),
        password_last_updated_at=optional_milliseconds(user.password_changed_at),
        last_sign_in_at=optional_milliseconds(user.last_login),
        last_active_at=optional_milliseconds(user.last_active_at),
        legal_accepted_at=optional_milliseconds(user.legal_accepted_at),
        created_at=milliseconds(user.created_at),
        updated_at=milliseconds(user.updated_at),
        **_addresses(user),
        **_second_factors(user),
        **_WITHOUT,
    )


# What Clerk tells of features that Ollio lacks.
_WITHOUT: dict[str, Any] = {
    "primary_phone_number_id": None,
    "primary_web3_wallet_id": None,
    "image_url": "",
    "profile_image_url": "",
    "has_image": False,
    "phone_numbers": [],
    "web3_wallets": [],
    "passkeys": [],
    "external_accounts": [],
    "saml_accounts": [],
    "enterprise_accounts": [],
    "organization_memberships": [],
    "mfa_disabled_at": None,
    "verification_attempts_remaining": None,
    "create_organization_enabled": False,
    "create_organizations_limit": None,
    "timezone": None,
    "profile_image_id": "",
}


def _addresses(user: User) -> dict[str, Any]:
    rows = user.known_addresses  # type: ignore[attr-defined]
    return {
        "primary_email_address_id": next((row.identity.id for row in rows if row.primary), None),
        "email_addresses": [_address(row.identity, text=row.email) for row in rows],
    }


def _address(identity: EmailIdentity, *, text: str) -> EmailAddressObject:
    return EmailAddressObject(
        object="email_address",
        id=identity.id,
        email_address=text,
        reserved=False,
        verification=_verification(identity),
        linked_to=[],
        matches_sso_connection=False,
        created_at=milliseconds(identity.created_at),
        updated_at=milliseconds(identity.updated_at),
    )


def _verification(identity: EmailIdentity) -> VerificationObject:
    kind, strategy = _VERIFICATIONS[identity.proof]
    by_code = identity.proof == Proof.CODE
    return VerificationObject.model_validate(
        {
            "object": kind,
            "status": "verified",
            "strategy": strategy,
            # Of a code both must be numbers. It is spent, so they say no more than that there was one.
            "attempts": 1 if by_code else None,
            "expire_at": milliseconds(identity.created_at + CODE_LIFETIME) if by_code else None,
        }
    )


def _second_factors(user: User) -> dict[str, Any]:
    rows = user.known_authenticators  # type: ignore[attr-defined]
    kinds = {row.type for row in rows}
    factors = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
    since = min((row.created_at for row in rows if row.type in factors), default=None)
    return {
        "two_factor_enabled": since is not None,
        "totp_enabled": Authenticator.Type.TOTP in kinds,
        "backup_code_enabled": Authenticator.Type.RECOVERY_CODES in kinds,
        "mfa_enabled_at": optional_milliseconds(since),
    }
