"""Examples of requests and responses of the Frontend API: one for each operation, by its name."""

from typing import Any

from config.openapi.examples import USER

_BEGUN_AT, _NOW, _LATER = 1790977600000, 1790977660000, 1792187200000
_SESSION_ID = "sess_1QeE6rDz9wTuC2yZlBgVoPq4eSi"
_CODE_STRATEGY = "email_code"
_OWN_USER = {name: value for name, value in USER.items() if name != "private_metadata"}
_TOKEN = {"object": "token", "jwt": "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc1….eyJzdWIiOiJ1c2Vy….kW3x…"}

_SESSION: dict[str, Any] = {
    "object": "session",
    "id": _SESSION_ID,
    "status": "active",
    "expire_at": _LATER,
    "abandon_at": _LATER,
    "last_active_at": _NOW,
    "last_active_organization_id": None,
    "actor": None,
    "tasks": None,
    "factor_verification_age": [1, -1],
    "created_at": _BEGUN_AT,
    "updated_at": _NOW,
    "user": _OWN_USER,
    "public_user_data": {
        "first_name": "Ada",
        "last_name": None,
        "image_url": "",
        "has_image": False,
        "identifier": "ada@example.com",
        "user_id": USER["id"],
    },
    "last_active_token": _TOKEN,
}
_SIGN_UP: dict[str, Any] = {
    "object": "sign_up_attempt",
    "id": "sua_1QeC4pBx7vSsA0xXjZfUnOm2cQg",
    "status": "missing_requirements",
    "required_fields": ["email_address", "password"],
    "optional_fields": ["first_name", "last_name"],
    "missing_fields": ["password"],
    "unverified_fields": [],
    "verifications": {
        "email_address": {
            "status": "verified",
            "strategy": "ticket",
            "attempts": None,
            "expire_at": None,
            "next_action": "",
            "supported_strategies": [_CODE_STRATEGY],
        },
        "phone_number": None,
        "web3_wallet": None,
        "external_account": None,
    },
    "username": None,
    "email_address": "ada@example.com",
    "phone_number": None,
    "web3_wallet": None,
    "password_enabled": False,
    "has_password": False,
    "first_name": "Ada",
    "last_name": None,
    "unsafe_metadata": {},
    "public_metadata": {"role": "editor"},
    "custom_action": False,
    "external_id": None,
    "locale": None,
    "timezone": None,
    "created_session_id": None,
    "created_user_id": None,
    "abandon_at": 1791064000000,
    "legal_accepted_at": None,
}
_BY_CODE = {
    **_SIGN_UP,
    "missing_fields": [],
    "unverified_fields": ["email_address"],
    "verifications": {
        **_SIGN_UP["verifications"],
        "email_address": {
            "status": "unverified",
            "strategy": _CODE_STRATEGY,
            "attempts": 0,
            "expire_at": 1790978200000,
            "next_action": "needs_attempt",
            "supported_strategies": [_CODE_STRATEGY],
        },
    },
    "password_enabled": True,
    "has_password": True,
}
_COMPLETE = {
    "status": "complete",
    "missing_fields": [],
    "password_enabled": True,
    "has_password": True,
    "created_session_id": _SESSION_ID,
    "created_user_id": USER["id"],
}
_MAILBOX = {
    "email_address_id": "idn_1QeD5qCy8vStB1xYkAgUoOn3dRh",
    "safe_identifier": "a***@example.com",
    "primary": True,
}
_SIGN_IN: dict[str, Any] = {
    "object": "sign_in",
    "id": "sia_1QeD5qCy8vStB1xYkAgUoOn3dRh",
    "status": "needs_first_factor",
    "supported_identifiers": ["email_address"],
    "supported_first_factors": [
        {"strategy": "password"},
        {"strategy": _CODE_STRATEGY, **_MAILBOX},
        {"strategy": "reset_password_email_code", **_MAILBOX},
    ],
    "supported_second_factors": [],
    "first_factor_verification": None,
    "second_factor_verification": None,
    "identifier": "ada@example.com",
    "user_data": None,
    "created_session_id": None,
    "abandon_at": 1790981200000,
    "timezone": None,
}
_CODE_SENT = {
    **_SIGN_IN,
    "first_factor_verification": {
        "object": "verification",
        "status": "unverified",
        "strategy": _CODE_STRATEGY,
        "attempts": 0,
        "expire_at": 1790978200000,
        "verified_at_client": None,
        "error": None,
    },
}
_SIGNED_IN = {**_SIGN_IN, "status": "complete", "created_session_id": _SESSION_ID}
_CLIENT: dict[str, Any] = {
    "object": "client",
    "id": "client_1QeB3oAw6uRrZ9wWiYeTmNl1bPf",
    "sessions": [],
    "sign_in": None,
    "sign_up": None,
    "last_active_session_id": None,
    "last_authentication_strategy": None,
    "cookie_expires_at": None,
    "captcha_bypass": False,
    "created_at": _BEGUN_AT,
    "updated_at": _NOW,
}
_SIGNED_IN_CLIENT = {**_CLIENT, "sessions": [_SESSION], "last_active_session_id": _SESSION_ID}


def _answer(response: dict[str, Any], **client: Any) -> dict[str, Any]:
    return {"response": response, "client": {**_CLIENT, **client}}


def _inside(response: dict[str, Any]) -> dict[str, Any]:
    return {"response": response, "client": _SIGNED_IN_CLIENT}


def _ended(status: str) -> dict[str, Any]:
    return _answer({**_SESSION, "status": status, "last_active_token": None})


_ENVIRONMENT = {
    "auth_config": {"object": "auth_config", "single_session_mode": True},
    "display_config": {"object": "display_config", "application_name": "Engines"},
    "user_settings": {"sign_up": {"mode": "restricted", "progressive": True}},
    "organization_settings": {"enabled": False},
    "maintenance_mode": False,
}

REQUESTS: dict[str, Any] = {
    "create_sign_up": {
        "strategy": "ticket",
        "ticket": "olt_b4YqwgF1boQk5hsmguR3pWAVu576WfGjTR0odU_BSz0",
        "first_name": "Ada",
    },
    "update_sign_up": {"password": "seven wet penguins"},
    "prepare_sign_up_verification": {"strategy": _CODE_STRATEGY},
    "attempt_sign_up_verification": {"strategy": _CODE_STRATEGY, "code": "071925"},
    "create_sign_in": {"identifier": "ada@example.com", "password": "seven wet penguins"},
    "prepare_first_factor": {"strategy": _CODE_STRATEGY},
    "attempt_first_factor": {"strategy": _CODE_STRATEGY, "code": "071925"},
    "attempt_second_factor": {"strategy": "totp", "code": "071925"},
    "reset_password": {"password": "eight wet penguins"},
}
ANSWERS: dict[str, Any] = {
    "get_environment": _ENVIRONMENT,
    "update_environment": _ENVIRONMENT,
    "get_client": {"response": _SIGNED_IN_CLIENT, "client": None},
    "delete_client": {"response": _CLIENT, "client": None},
    "delete_sessions": {"response": _CLIENT, "client": None},
    "get_me": _inside(_OWN_USER),
    "create_sign_up": _answer(_SIGN_UP, sign_up=_SIGN_UP),
    "update_sign_up": _inside({**_SIGN_UP, **_COMPLETE}),
    "prepare_sign_up_verification": _answer(_BY_CODE, sign_up=_BY_CODE),
    "attempt_sign_up_verification": _inside({**_BY_CODE, **_COMPLETE, "unverified_fields": []}),
    "create_sign_in": _inside(_SIGNED_IN),
    "prepare_first_factor": _answer(_CODE_SENT, sign_in=_CODE_SENT),
    "attempt_first_factor": _inside(_SIGNED_IN),
    "attempt_second_factor": _inside(_SIGNED_IN),
    "reset_password": _inside(_SIGNED_IN),
    "touch_session": _inside(_SESSION),
    "create_session_token": _TOKEN,
    "end_session": _ended("ended"),
    "remove_session": _ended("removed"),
}
