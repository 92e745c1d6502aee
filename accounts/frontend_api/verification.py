from typing import Literal

from accounts.models import SignIn, SignUp
from accounts.models.mailed_code import CODE_LIFETIME
from config.database import now

Status = Literal["unverified", "verified", "expired", "failed"]


def verification_status(attempt: SignUp | SignIn, *, is_proved: bool) -> Status:
    """A code that no longer counts is named, so that Clerk's component asks for another one by itself."""
    if is_proved:
        return "verified"
    if attempt.exhausted:
        return "failed"
    sent_at = attempt.code_sent_at
    return "expired" if sent_at and sent_at + CODE_LIFETIME <= now() else "unverified"
