from typing import Any, Literal

from pydantic import BaseModel

from accounts.frontend_api.verification import Status, verification_status
from accounts.models import SignUp
from accounts.models.mailed_code import CODE_LIFETIME
from accounts.sessions import BrowserSession
from config.api_output import Whole, milliseconds, optional_milliseconds

_REQUIRED = ["email_address", "password"]
_OPTIONAL = ["first_name", "last_name"]


class AddressVerification(BaseModel):
    """How far the address is proved. No strategy is named before a code was sent: Clerk's component would
    wait for one that it never asked for.
    """

    status: Status
    strategy: Literal["ticket", "email_code"] | None
    attempts: int | None
    expire_at: int | None
    next_action: Literal["", "needs_prepare", "needs_attempt"]
    supported_strategies: list[str]


class SignUpVerifications(Whole):
    email_address: AddressVerification | None
    phone_number: None = None
    web3_wallet: None = None
    external_account: None = None


class SignUpObject(Whole):
    object: Literal["sign_up_attempt"]
    id: str
    status: Literal["missing_requirements", "complete"]  # an abandoned one is gone
    required_fields: list[str]
    optional_fields: list[str]
    missing_fields: list[str]
    unverified_fields: list[str]
    verifications: SignUpVerifications
    username: None = None
    email_address: str | None
    phone_number: None = None
    web3_wallet: None = None
    password_enabled: bool
    has_password: bool
    first_name: str | None
    last_name: str | None
    unsafe_metadata: dict[str, Any]
    public_metadata: dict[str, Any]
    custom_action: bool = False
    external_id: None = None
    locale: None = None
    timezone: None = None
    created_session_id: str | None
    created_user_id: str | None
    abandon_at: int
    legal_accepted_at: None = None


def present_sign_up(sign_up: SignUp, *, session: BrowserSession | None = None) -> SignUpObject:
    """`session` is given where this very request has finished it."""
    invitation = sign_up.ticket.invitation if sign_up.ticket else None
    address = sign_up.email_address or None
    return SignUpObject(
        object="sign_up_attempt",
        id=sign_up.id,
        status="complete" if sign_up.completed_at else "missing_requirements",
        required_fields=_REQUIRED,
        optional_fields=_OPTIONAL,
        missing_fields=[] if sign_up.completed_at else sign_up.missing_fields,
        unverified_fields=["email_address"] if address and not _is_proved(sign_up) else [],
        verifications=SignUpVerifications(
            email_address=_verification(sign_up) if address else None
        ),
        email_address=address,
        password_enabled=bool(sign_up.password),
        has_password=bool(sign_up.password),
        first_name=sign_up.first_name or None,
        last_name=sign_up.last_name or None,
        unsafe_metadata=sign_up.unsafe_metadata,
        public_metadata=invitation.public_metadata if invitation else {},
        created_session_id=session.id if session else None,
        created_user_id=session.user.pk if session else None,
        abandon_at=milliseconds(sign_up.created_at + SignUp.ABANDONED_AFTER),
    )


def _is_proved(sign_up: SignUp) -> bool:
    return sign_up.is_proved or sign_up.completed_at is not None


def _verification(sign_up: SignUp) -> AddressVerification:
    by_ticket = sign_up.ticket is not None and sign_up.ticket.proves_address
    sent_at = None if by_ticket else sign_up.code_sent_at
    status = verification_status(sign_up, is_proved=_is_proved(sign_up))
    waits = sent_at is not None and status == "unverified"
    return AddressVerification(
        status=status,
        strategy="ticket" if by_ticket else "email_code" if sent_at else None,
        attempts=sign_up.tries if sent_at else None,
        expire_at=optional_milliseconds(sent_at + CODE_LIFETIME if sent_at else None),
        next_action="" if status == "verified" else "needs_attempt" if waits else "needs_prepare",
        supported_strategies=["email_code"],
    )
