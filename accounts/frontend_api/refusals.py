"""How the Frontend API words what the verbs refuse."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import reverse
from pydantic_core import PydanticCustomError

from accounts import guesses
from accounts.admission import AdmissionRefused
from accounts.codes import REFUSALS
from accounts.judge import AccountShut
from accounts.models import CodeRefused, User
from accounts.sign_in import NoAccount, NotProved
from accounts.sign_up import AccountExists
from config.api_errors import APIRefusal, error
from config.limits import LimitExceeded
from config.mail import link
from invitations.models import Invitation, InvitationClosed

_CLOSED = {
    "expired": ("ticket_expired_code", "This invitation has expired."),
    "revoked": ("revoked_invitation", "This invitation was withdrawn."),
    "accepted": ("invitation_already_accepted", "This invitation was used already."),
}
_CODES = {
    "wrong": (422, "form_code_incorrect"),
    "expired": (400, "verification_expired"),
    "too_many_tries": (400, "verification_failed"),
    "too_soon": (429, "verification_code_too_many_requests"),
}
# Clerk's component has its own words for this one, and ends them with "undefined" where no advice follows.
_ADVICE = {"code": "anotherWord", "message": "Add more words that are less common."}
_MORE_OF_PASSWORDS = {
    "form_password_not_strong_enough": {"zxcvbn": {"suggestions": [_ADVICE]}},
}
_ADMISSIONS = {
    "sign_up_mode_restricted": "You need an invitation to sign up here.",
    "sign_up_mode_waitlist": "You need an invitation to sign up here.",
}
_RULES = {"sign_up_mode_waitlist": "sign_up_restricted_waitlist"}


@contextmanager
def worded() -> Iterator[None]:
    """Around a verb: its errors become answers."""
    try:
        with _guesses_worded():
            yield
    except InvitationClosed as closed:
        code, long_message = _CLOSED[closed.reason]
        raise APIRefusal(400, error(code, "is not valid", long_message)) from closed
    except Invitation.DoesNotExist as gone:  # erased meanwhile
        raise unknown_ticket() from gone
    except AccountExists as known:
        long_message = "The invited address has an account. Sign in to accept the invitation."
        raise APIRefusal(
            400, error("invitation_account_exists", "account exists", long_message)
        ) from known
    except AdmissionRefused as refused:
        raise _not_admitted(refused.rule) from refused
    except NoAccount as unknown:
        long_message = "The invited address has no account yet. Sign up with this ticket."
        raise APIRefusal(
            422, error("form_identifier_not_found", "no account", long_message)
        ) from unknown
    except NotProved as refused:
        raise APIRefusal(422, _not_proved(refused.factor)) from refused
    except AccountShut as shut:
        raise account_shut(shut) from shut
    except CodeRefused as refused:
        raise code_refused(refused.reason) from refused
    except User.DoesNotExist as erased:  # meanwhile
        raise over() from erased


def _not_admitted(rule: str) -> APIRefusal:
    return APIRefusal(403, error(_RULES.get(rule, rule), "not allowed", _ADMISSIONS[rule]))


def _not_proved(factor: str) -> dict:
    if factor == "password":
        long_message = "This address and password do not belong together. Check both."
        code = "form_password_incorrect"
    else:
        long_message, code = (
            "This code is not right. Check it, or wait for the next one.",
            "form_code_incorrect",
        )
    return error(code, "is incorrect", long_message, param_name=factor)


@contextmanager
def _guesses_worded() -> Iterator[None]:
    try:
        yield
    except LimitExceeded as limit:
        if limit.name not in guesses.LIMITS:
            raise
        long_message = (
            f"Too many wrong passwords. Try again in {limit.retry_after} seconds; or sign in with a code from your "
            "e-mail or with a passkey, which work at once."
        )
        told = error("too_many_requests", "too many requests", long_message)
        headers = {"Retry-After": str(limit.retry_after)}
        raise APIRefusal(429, told, headers=headers) from limit


def account_shut(shut: AccountShut) -> APIRefusal:
    if shut.reason == "banned":
        return APIRefusal(403, error("user_banned", "banned", "This account was closed."))
    if shut.reason == "passkey":
        hosted = link(reverse("account_login"))
        long_message = f"This account asks for a passkey. Sign in at {hosted}."
        return APIRefusal(403, error("passkey_required", "passkey required", long_message))
    long_message = "This account is locked for a while."
    told = error("user_locked", "locked", long_message, lockout_expires_in_seconds=shut.seconds)
    return APIRefusal(403, told)


def over() -> APIRefusal:
    """Of an attempt that is finished, gone, or another browser's."""
    long_message = (
        "What was begun here is over, or was begun in another browser. "
        "Begin again, or sign in if you have an account by now."
    )
    return APIRefusal(404, error("resource_not_found", "not found", long_message))


def code_refused(reason: str) -> APIRefusal:
    if reason == "done":
        return over()
    status, code = _CODES[reason]
    headers = {"Retry-After": "30"} if reason == "too_soon" else {}
    told = error(code, "is not right", str(REFUSALS[reason]), param_name="code")
    return APIRefusal(status, told, headers=headers)


def unknown_ticket() -> APIRefusal:
    long_message = "This invitation link is not valid."
    return APIRefusal(400, error("ticket_invalid_code", "is not valid", long_message))


def password_refused(fault: PydanticCustomError) -> APIRefusal:
    meta = _MORE_OF_PASSWORDS.get(fault.type, {})
    told = error(fault.type, "is not accepted", fault.message(), param_name="password", **meta)
    return APIRefusal(422, told)


def address_taken() -> APIRefusal:
    """Said to who has proved the address, and to nobody else."""
    long_message = "The address has an account meanwhile. Sign in instead."
    told = error("form_identifier_exists", "is taken", long_message, param_name="email_address")
    return APIRefusal(422, told)


def session_exists() -> APIRefusal:
    long_message = "Somebody is signed in in this browser. Sign out first."
    return APIRefusal(400, error("session_exists", "already signed in", long_message))


def already_verified() -> APIRefusal:
    long_message = "The address is proved already."
    return APIRefusal(400, error("verification_already_verified", "already verified", long_message))


def other_address(param_name: str = "email_address") -> APIRefusal:
    long_message = f"{param_name}: The invitation is for another address; leave this out."
    told = error("form_param_value_invalid", "is invalid", long_message, param_name=param_name)
    return APIRefusal(422, told)


def wanting(param_name: str) -> APIRefusal:
    long_message = f"{param_name} must be given first."
    told = error("form_param_missing", "is missing", long_message, param_name=param_name)
    return APIRefusal(422, told)


def signed_out() -> APIRefusal:
    """What tells Clerk's component that the session it believes in is not, or no longer, this browser's. Of a 404
    it would think nothing, and show somebody who is gone.
    """
    long_message = "This session is not signed in in this browser."
    return APIRefusal(401, error("authentication_invalid", "not signed in", long_message))
