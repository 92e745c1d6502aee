"""The format of API errors. All have the same shape: a code, two texts and, if there is one, the parameter's name."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

MAX_ERRORS = 100  # per object; a body of 256 KiB could hold thousands of unknown keys


class APIRefusal(Exception):
    """Raised to send an error response. `errors` come from `error()`."""

    def __init__(
        self, status: int, *errors: dict, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, *(each["code"] for each in errors))
        self.status = status
        self.errors = errors
        self.headers = headers or {}


def error(code: str, message: str, long_message: str, **meta: Any) -> dict:
    """Return one element of `errors`. Programs use the code; the texts are for people who read the client's log."""
    element = {"message": message, "long_message": long_message, "code": code}
    return {**element, "meta": meta} if meta else element


def refusal(status: int, **headers: str) -> APIRefusal:
    """Return the general error of a status, for use when no more specific error is known."""
    return APIRefusal(status, error(*_PLAIN.get(status, _PLAIN[500])), headers=headers)


def answer(request: HttpRequest, refused: APIRefusal) -> HttpResponse:
    body = json.dumps({"errors": refused.errors, "clerk_trace_id": trace_id(request)})
    return HttpResponse(
        body,
        status=refused.status,
        headers={
            **refused.headers,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        },
    )


def parameter_error(fault: Mapping[str, Any]) -> dict:
    """Convert one of ninja's validation errors to our format. If its type is already one of our codes, keep it."""
    name = str(fault["loc"][1])[:100]
    kind = fault["type"]
    if kind.startswith(("form_", "sign_up_mode_")):
        return error(
            kind, _SHORT.get(kind, "is invalid"), f"{name}: {fault['msg']}", param_name=name
        )
    code = _CODES.get(kind, "form_param_value_invalid")
    long_message = _LONG.get(code, f"{{}}: {fault['msg']}.").format(name)
    return error(code, _SHORT.get(code, "is invalid"), long_message, param_name=name)


def trace_id(request: HttpRequest) -> str:
    """Return the id of this request. config/api_frame.py sets it, and the log contains it."""
    return request.META["ollio.trace_id"]


# pydantic's error types and our codes for them. All other types become form_param_value_invalid.
_CODES = {
    "missing": "form_param_missing",
    "extra_forbidden": "form_param_unknown",
    "too_long": "form_param_array_size_exceeded",
}
_SHORT = {
    "form_param_missing": "is missing",
    "form_param_nil": "is empty",
    "form_param_unknown": "is unknown",
    "form_param_duplicate": "is given twice",
    "form_param_array_size_exceeded": "has too many values",
    "form_param_exceeds_allowed_size": "is too large",
}
_LONG = {
    "form_param_missing": "{} must be given.",
    "form_param_unknown": "{} is not a parameter of this call.",
}
_PLAIN = {
    400: (
        "malformed_request_parameters",
        "is malformed",
        "The request cannot be read. Check its address, its Host header and its parameters.",
    ),
    403: ("authorization_invalid", "not authorized", "This secret key may not do this."),
    404: (
        "resource_not_found",
        "not found",
        "There is nothing at this path, or no object with this id.",
    ),
    405: (
        "method_not_allowed",
        "method not allowed",
        "The header Allow lists the methods of this path.",
    ),
    413: ("request_body_too_large", "body too large", "Send a smaller body."),
    415: (
        "unsupported_content_type",
        "unsupported type",
        "No files are taken here. Send JSON, or in a browser a form (application/x-www-form-urlencoded).",
    ),
    500: (
        "internal_clerk_error",
        "internal error",
        "Something went wrong here. The log has this trace id.",
    ),
    503: (
        "service_unavailable",
        "unavailable",
        "The database does not answer. Try again in a few seconds.",
    ),
}
