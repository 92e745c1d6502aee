"""The errors that each operation of the Backend API can return."""

from config.openapi.errors import EXAMPLE_ADDRESS as _ADDRESS
from config.openapi.errors import Asked, Codes, Refusals

_DESCRIPTIONS = {
    400: "The request cannot be read, or the state of things does not allow it.",
    401: "The secret key is missing, unknown, revoked or expired.",
    403: "The scope of this secret key does not allow this call, or no secret key may do this.",
    404: "There is no object with this id.",
    408: "The body did not come in time.",
    409: "Another request is in the way; nothing was changed. Send it again.",
    413: "The body is too large.",
    415: "The body is not JSON in UTF-8.",
    422: "A parameter is missing, unknown or wrong. All faults are told at once.",
    429: "Too many requests.",
    500: "Something went wrong in Ollio.",
    503: "The database does not answer, or too many passwords are being checked. Nothing was changed.",
}

# Errors that every operation of a kind can return.
_ALWAYS = {
    400: ["malformed_request_parameters"],
    401: ["authorization_header_format_invalid", "clerk_key_invalid"],
    403: ["authorization_invalid"],
    408: ["request_timeout"],
    413: ["request_body_too_large"],
    415: ["unsupported_content_type"],
    429: ["too_many_requests"],
    500: ["internal_clerk_error"],
    503: ["service_unavailable"],
}
_WITH_A_BODY = {400: ["request_body_invalid"]}
_WITH_AN_ID = {404: ["resource_not_found"]}
_SHARED = {status: codes for status, codes in (_ALWAYS | _WITH_AN_ID).items() if status != 400}
_WITH_PARAMETERS = {422: ["form_param_value_invalid"]}
_CHANGING = {409: ["resource_locked"], 422: ["form_param_unknown"]}
_POST = {409: ["idempotency_key_in_progress"], 422: ["idempotency_key_reused"]}

_MANY_USERS = {
    400: ["bulk_size_exceeded"],
    404: ["resource_not_found"],
    422: ["form_param_missing"],
}

# Further errors of single operations, by the operation's name.
_OWN: dict[str, dict[int, list[str]]] = {
    "create_invitation": {
        400: ["duplicate_record"],
        422: ["form_param_missing", "form_param_format_invalid", "form_identifier_exists"],
    },
    "create_invitations": {
        400: ["duplicate_record", "bulk_size_exceeded"],
        422: ["form_param_missing", "form_param_format_invalid", "form_identifier_exists"],
    },
    "change_invitation": {
        400: ["invitation_already_accepted", "invitation_already_revoked", "invitation_expired"],
        422: ["form_param_exceeds_allowed_size"],
    },
    "revoke_invitation": {400: ["invitation_already_accepted", "invitation_already_revoked"]},
    "resend_invitation": {400: ["invitation_already_accepted", "invitation_already_revoked"]},
    "create_link": {
        400: ["invitation_already_accepted", "invitation_already_revoked", "invitation_expired"]
    },
    "create_user": {
        422: [
            "form_param_missing",
            "form_param_format_invalid",
            "form_identifier_exists",
            "form_password_length_too_short",
            "form_password_pwned",
            "form_password_not_strong_enough",
        ],
    },
    "change_user": {
        422: [
            "form_identifier_exists",
            "form_password_length_too_short",
            "form_password_pwned",
            "form_password_not_strong_enough",
        ],
    },
    "merge_user_metadata": {422: ["form_param_exceeds_allowed_size"]},
    "replace_user_metadata": {422: ["form_param_exceeds_allowed_size"]},
    "ban_users": _MANY_USERS,
    "unban_users": _MANY_USERS,
    "change_instance": {422: ["form_param_format_invalid"]},
    "change_restrictions": {422: ["sign_up_mode_restricted_invalid_value"]},
}

_TEXTS = {
    "authorization_header_format_invalid": ("not authorized", "Send the header Authorization: Bearer YOUR_SECRET_KEY."),
    "authorization_invalid": ("not authorized", "This secret key may not do this."),
    "bulk_size_exceeded": ("too many rows", "Send fewer rows in one call."),
    "clerk_key_invalid": ("not authorized", "This is no secret key, or it was revoked or has expired."),
    "conflict": ("conflict", "Another request took a value that may exist only once. Nothing was changed."),
    "duplicate_record": ("already invited", f"Pending invitations exist for: {_ADDRESS}"),
    "form_identifier_exists": ("already a user", f"A user with the address {_ADDRESS} exists."),
    "form_param_exceeds_allowed_size": ("is too large", "public_metadata: Keep it within 8 KiB of JSON."),
    "form_param_format_invalid": ("is invalid", "email_address: Give exactly one e-mail address."),
    "form_param_missing": ("is missing", "email_address: It must be given."),
    "form_param_unknown": ("is unknown", "colour: It is not a parameter of this call."),
    "form_param_value_invalid": ("is invalid", "limit: Give a whole number in digits, within its range."),
    "form_password_length_too_short": ("is too short", "password: Use at least 8 characters."),
    "form_password_not_strong_enough": ("is easy to guess", "password: This is easy to guess. Choose a few words."),
    "form_password_pwned": ("is too common", "password: Choose one that nobody would guess."),
    "idempotency_key_in_progress": ("key is in use", "The first request with this Idempotency-Key is still running."),
    "idempotency_key_reused": ("key was reused", "This Idempotency-Key was used with another body or query."),
    "internal_clerk_error": ("internal error", "Something went wrong here. The log has this trace id."),
    "invitation_already_accepted": ("already accepted", "The invitation is already accepted."),
    "invitation_already_revoked": ("already revoked", "The invitation is already revoked."),
    "invitation_expired": ("expired", "The invitation is expired. Resend it first."),
    "malformed_request_parameters": ("is malformed", "The request cannot be read. Check its address and parameters."),
    "request_body_invalid": ("body is invalid", "Send a JSON object."),
    "request_timeout": ("is not read", "The body of the request did not come in time."),
    "request_body_too_large": ("body too large", "Send a smaller body."),
    "resource_locked": ("is locked", "Another request holds what this one needs. Try again in a moment."),
    "resource_not_found": ("not found", "There is nothing at this path, or no object with this id."),
    "service_unavailable": ("unavailable", "The database does not answer. Try again in a few seconds."),
    "sign_up_mode_restricted_invalid_value": ("is invalid", "allowlist: An allowlist works in public mode alone."),
    "too_many_requests": ("too many requests", "Try again in 7 seconds."),
    "unsupported_content_type": ("unsupported type", "Send the body as JSON in UTF-8."),
}  # fmt: skip


def _codes(asked: Asked) -> list[Codes]:
    kinds: list[Codes] = [_ALWAYS, _OWN.get(asked.name, {})]
    kinds += [_WITH_AN_ID] if asked.has_id else []
    kinds += [_WITH_A_BODY, _WITH_PARAMETERS] if asked.has_body else []
    kinds += [_WITH_PARAMETERS] if asked.has_query else []
    kinds += [_CHANGING] if asked.method != "get" else []
    kinds += [_POST] if asked.method == "post" else []
    return kinds


REFUSALS = Refusals(codes=_codes, shared=_SHARED, descriptions=_DESCRIPTIONS, texts=_TEXTS)
