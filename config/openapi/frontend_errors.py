"""The errors that each operation of the Frontend API can return."""

from config.openapi.errors import Asked, Codes, Refusals

_DESCRIPTIONS = {
    400: "The request cannot be read, its page is not welcome, or the state of things does not allow it.",
    401: "This browser is not signed in, or no longer, or to another session.",
    403: "This address may not come in.",
    404: "This browser has no such sign-up or sign-in, or it is over.",
    408: "The body did not come in time.",
    409: "Another request is in the way; nothing was changed. Send it again.",
    413: "The body is too large.",
    415: "The body is neither a form nor JSON.",
    422: "A parameter is missing or wrong. All faults are told at once.",
    429: "Too many requests, or too many codes.",
    500: "Something went wrong in Ollio.",
    503: "The database does not answer, or too many passwords are being checked. Nothing was changed.",
}

_ALWAYS = {
    400: ["malformed_request_parameters"],
    408: ["request_timeout"],
    413: ["request_body_too_large"],
    415: ["unsupported_content_type"],
    500: ["internal_clerk_error"],
    503: ["service_unavailable"],
}
_GONE = {404: ["resource_not_found"]}
_CHANGING = {
    400: ["origin_missing", "origin_invalid", "request_body_invalid"],
    409: ["resource_locked", "conflict"],
    422: ["form_param_duplicate"],
}
_WITH_A_BODY = {422: ["form_param_value_invalid"]}
_SHARED = {status: codes for status, codes in (_ALWAYS | _GONE).items() if status != 400}
_SHARED |= {409: _CHANGING[409]}

_SIGNED_OUT = {401: ["authentication_invalid"]}
_CLOSED = {400: ["ticket_expired_code", "revoked_invitation", "invitation_already_accepted"]}
_TICKET = {400: ["ticket_invalid_code", *_CLOSED[400]]}
_BEGINNING = {400: ["session_exists"]}
_MODES = {403: ["sign_up_mode_restricted", "sign_up_restricted_waitlist"]}
_SHUT = {403: ["user_banned", "user_locked", "passkey_required"]}
_LIMITED = {429: ["too_many_requests"]}
_MAILED = {429: ["verification_code_too_many_requests", "too_many_requests"]}
_TRIED = {400: ["verification_expired", "verification_failed"]}
_MISSING = {422: ["form_param_missing"]}
_WRONG_CODE = {422: ["form_code_incorrect"]}
_PASSWORD = {
    422: [
        "form_password_length_too_short",
        "form_password_length_too_long",
        "form_password_pwned",
        "form_password_not_strong_enough",
    ]
}
_SAID = {
    422: [
        "form_param_format_invalid",
        "form_param_max_length_exceeded",
        "form_param_exceeds_allowed_size",
    ]
}
_ACCOUNT_EXISTS = {400: ["invitation_account_exists"]}
_TAKEN = {422: ["form_identifier_exists"]}
_PROVED = {400: ["verification_already_verified"]}

_INVITED = [_BEGINNING, _TICKET, _ACCOUNT_EXISTS, _MODES]
_SIGN_UP = [*_INVITED, _GONE, _SAID, _TAKEN, _PASSWORD, _LIMITED]
_OWN: dict[str, list[dict[int, list[str]]]] = {
    "shake_hands": [{400: ["origin_invalid"], 422: ["form_param_missing"]}],
    "get_me": [_SIGNED_OUT],
    "touch_session": [_SIGNED_OUT],
    "create_session_token": [_SIGNED_OUT],
    "end_session": [_SIGNED_OUT],
    "remove_session": [_SIGNED_OUT],
    "create_sign_up": _SIGN_UP,
    "update_sign_up": _SIGN_UP,
    "prepare_sign_up_verification": [*_INVITED, _PROVED, _MISSING, _MAILED],
    "attempt_sign_up_verification": [
        *_INVITED, _PROVED, _TRIED, _MISSING, _WRONG_CODE, _LIMITED
    ],
    "create_sign_in": [
        _BEGINNING,
        _TICKET,
        _SHUT,
        _GONE,
        _MISSING,
        {422: ["form_param_format_invalid", "form_identifier_not_found", "form_password_incorrect"]},
        _LIMITED,
    ],
    "prepare_first_factor": [_BEGINNING, _MISSING, _MAILED],
    "attempt_first_factor": [
        _BEGINNING,
        _TRIED,
        _TICKET,
        _SHUT,
        _MISSING,
        {422: ["form_password_incorrect"]},
        _WRONG_CODE,
        _LIMITED,
    ],
    "attempt_second_factor": [_BEGINNING, _TICKET, _SHUT, _MISSING, _WRONG_CODE, _LIMITED],
    "reset_password": [_BEGINNING, _TICKET, _SHUT, _MISSING, _PASSWORD],
}  # fmt: skip

_TEXTS = {
    "authentication_invalid": ("not signed in", "This session is not signed in in this browser."),
    "conflict": ("conflict", "Another request took a value that may exist only once. Nothing was changed."),
    "form_code_incorrect": ("is not right", "code: This is not the code. Check the newest e-mail."),
    "form_identifier_exists": ("is taken", "email_address: The address has an account meanwhile. Sign in instead."),
    "form_identifier_not_found": ("no account", "The invited address has no account yet. Sign up with this ticket."),
    "form_param_duplicate": ("is given twice", "password: Give it once."),
    "form_param_exceeds_allowed_size": ("is too large", "unsafe_metadata: Keep it within 8 KiB of JSON."),
    "form_param_format_invalid": ("is invalid", "email_address: Give exactly one e-mail address."),
    "form_param_max_length_exceeded": ("is invalid", "first_name: Use at most 64 characters."),
    "form_param_missing": ("is missing", "strategy: It must be given."),
    "form_param_value_invalid": ("is invalid", "strategy: Input should be 'email_code'."),
    "form_password_incorrect": ("is incorrect", "password: This address and password do not belong together."),
    "form_password_length_too_long": ("is not accepted", "password: Use at most 1024 characters."),
    "form_password_length_too_short": ("is not accepted", "password: Use at least 8 characters."),
    "form_password_not_strong_enough": ("is not accepted", "password: It is easy to guess, or too much like the name."),
    "form_password_pwned": ("is not accepted", "password: Choose one that nobody would guess."),
    "internal_clerk_error": ("internal error", "Something went wrong here. The log has this trace id."),
    "invitation_account_exists": ("account exists", "The address has an account. Sign in to accept the invitation."),
    "invitation_already_accepted": ("is not valid", "This invitation was used already."),
    "malformed_request_parameters": ("is malformed", "The request cannot be read. Check its address and parameters."),
    "origin_invalid": ("origin is not allowed", "Pages of https://elsewhere.example may not do this."),
    "origin_missing": ("origin is missing", "Send the header Origin along with the cookie, as browsers do."),
    "passkey_required": ("passkey required", "This account asks for a passkey. Sign in at https://ollio.example/sign-in."),
    "request_body_invalid": ("body is invalid", "Send a JSON object."),
    "request_timeout": ("is not read", "The body of the request did not come in time."),
    "request_body_too_large": ("body too large", "Send a smaller body."),
    "resource_locked": ("is locked", "Another request holds what this one needs. Try again in a moment."),
    "resource_not_found": ("not found", "There is nothing at this path, or no object with this id."),
    "revoked_invitation": ("is not valid", "This invitation was withdrawn."),
    "service_unavailable": ("unavailable", "The database does not answer. Try again in a few seconds."),
    "session_exists": ("already signed in", "Somebody is signed in in this browser. Sign out first."),
    "sign_up_mode_restricted": ("not allowed", "You need an invitation to sign up here."),
    "sign_up_restricted_waitlist": ("not allowed", "You need an invitation to sign up here."),
    "ticket_expired_code": ("is not valid", "This invitation has expired."),
    "ticket_invalid_code": ("is not valid", "This invitation link is not valid."),
    "too_many_requests": ("too many requests", "Try again in 7 seconds."),
    "unsupported_content_type": ("unsupported type", "Send the body as a form or as JSON."),
    "user_banned": ("banned", "This account was closed."),
    "user_locked": ("locked", "This account is locked for a while."),
    "verification_already_verified": ("already verified", "The address is proved already."),
    "verification_code_too_many_requests": ("is not right", "A code left a moment ago. Ask again in 30 seconds."),
    "verification_expired": ("is not right", "This code is too old. Ask for a new one."),
    "verification_failed": ("is not right", "That was one wrong code too many. Ask for a new one."),
}  # fmt: skip


def _codes(asked: Asked) -> list[Codes]:
    kinds: list[Codes] = [_ALWAYS, *_OWN.get(asked.name, [])]
    kinds += [_GONE] if asked.has_id and _SIGNED_OUT not in kinds else []
    kinds += [_WITH_A_BODY] if asked.has_body else []
    kinds += [_CHANGING] if asked.method != "get" else []
    return kinds


REFUSALS = Refusals(codes=_codes, shared=_SHARED, descriptions=_DESCRIPTIONS, texts=_TEXTS)
