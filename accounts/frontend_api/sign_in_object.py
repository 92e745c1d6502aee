from typing import Any, Literal

from pydantic import BaseModel

from accounts.frontend_api.verification import Status, verification_status
from accounts.models import FirstFactor, SignIn
from accounts.models.mailed_code import CODE_LIFETIME
from accounts.sessions import BrowserSession
from accounts.sign_in import second_factors
from config.api_output import Whole, milliseconds, optional_milliseconds


class FactorVerification(Whole):
    object: Literal["verification"] = "verification"
    status: Status
    strategy: str
    attempts: int | None = None
    expire_at: int | None = None
    verified_at_client: None = None
    error: None = None


class SignInObject(BaseModel):
    object: Literal["sign_in"]
    id: str
    status: Literal["needs_first_factor", "needs_second_factor", "needs_new_password", "complete"]
    supported_identifiers: list[str]
    supported_first_factors: list[dict[str, Any]]
    supported_second_factors: list[dict[str, Any]]
    first_factor_verification: FactorVerification | None
    second_factor_verification: FactorVerification | None
    identifier: str
    user_data: None
    created_session_id: str | None
    abandon_at: int
    timezone: None


def present_sign_in(
    sign_in: SignIn, *, session: BrowserSession | None = None, second_factor: str = ""
) -> SignInObject:
    """Alike for known and unknown addresses, until somebody has proved that the address is theirs.

    `session`, and the strategy of the second factor, are given where this very request has finished it.
    """
    needs_second = sign_in.status == "needs_second_factor" and sign_in.user is not None
    seconds = second_factors(sign_in.user) if needs_second and sign_in.user else []
    return SignInObject.model_validate(
        {
            "object": "sign_in",
            "id": sign_in.id,
            "status": sign_in.status,
            "supported_identifiers": ["email_address"],
            "supported_first_factors": _first_factors(sign_in),
            "supported_second_factors": [{"strategy": name} for name in seconds],
            "first_factor_verification": _first_verification(sign_in),
            "second_factor_verification": _second_verification(second_factor),
            "identifier": sign_in.email_address,
            "user_data": None,
            "created_session_id": session.id if session else None,
            "abandon_at": milliseconds(sign_in.created_at + SignIn.ABANDONED_AFTER),
            "timezone": None,
        }
    )


def address_id(sign_in: SignIn) -> str:
    """What stands for the address until it is known whose it is: an id of this attempt alone."""
    return f"idn_{sign_in.id.removeprefix('sia_')}"


def _first_factors(sign_in: SignIn) -> list[dict[str, Any]]:
    mailbox = {
        "email_address_id": address_id(sign_in),
        "safe_identifier": _masked(sign_in.email_address),
        "primary": True,
    }
    return [
        {"strategy": FirstFactor.PASSWORD},
        {"strategy": FirstFactor.EMAIL_CODE, **mailbox},
        {"strategy": FirstFactor.RESET, **mailbox},
    ]


def _masked(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}"


def _first_verification(sign_in: SignIn) -> FactorVerification | None:
    strategy = sign_in.proved_by or sign_in.code_for
    if not strategy:
        return None
    sent_at = sign_in.code_sent_at if sign_in.code_for == strategy else None
    return FactorVerification(
        status=verification_status(sign_in, is_proved=sign_in.proved_at is not None),
        strategy=strategy,
        attempts=sign_in.tries if sent_at else None,
        expire_at=optional_milliseconds(sent_at + CODE_LIFETIME if sent_at else None),
    )


def _second_verification(strategy: str) -> FactorVerification | None:
    """It is asked for in the very step that ends the sign-in, if at all."""
    return FactorVerification(status="verified", strategy=strategy) if strategy else None
