"""What requests and answers look like: one example for each operation, by its name."""

from typing import Any

INVITATION: dict[str, Any] = {
    "object": "invitation",
    "id": "inv_1QcZ8mYw4sRpX7tUgWbQjKl9zNd",
    "email_address": "ada@example.com",
    "public_metadata": {"role": "editor"},
    "status": "pending",
    "redirect_url": None,
    "notify": True,
    "template_slug": "invitation",
    "inviter": {"type": "secret_key", "id": "key_1QcZ8mYw4sRpX7tUgWbQjKl9zNd", "name": "Back office"},
    "created_at": 1790977556811,
    "updated_at": 1790977556811,
    "expires_at": 1793569556811,
    "accepted_at": None,
    "revoked_at": None,
    "accepted_user_id": None,
    "delivery_status": "queued",
    "last_event": {"type": "created", "at": 1790977556811},
}  # fmt: skip
_LINK = (
    "https://ollio.example/v1/tickets/accept?ticket=olt_b4YqwgF1boQk5hsmguR3pWAVu576WfGjTR0odU_BSz0"
)
_MINTED = {**INVITATION, "url": _LINK, "url_channel": "api"}
_REVOKED = {
    **INVITATION,
    "status": "revoked",
    "revoked": True,
    "revoked_at": 1790977600000,
    "updated_at": 1790977600000,
    "delivery_status": "cancelled",
    "last_event": {"type": "revoked", "at": 1790977600000},
}
_RESENT = {
    **_MINTED,
    "updated_at": 1790977600000,
    "last_event": {"type": "resent", "at": 1790977600000},
}
_CHANGED = {
    **INVITATION,
    "public_metadata": {"role": "owner"},
    "updated_at": 1790977600000,
    "last_event": {"type": "updated", "at": 1790977600000},
}

_INSTANCE = {
    "object": "instance",
    "id": "ins_1QbY7lXv3rQoW6sTfVaPiJk8yMc",
    "environment_type": "production",
    "allowed_origins": [],
    "redirect_origins": ["https://app.example.com"],
    "sign_up_mode": "restricted",
    "workspace_id": None,
}
_RESTRICTIONS = {
    "object": "instance_restrictions",
    "allowlist": False,
    "blocklist": False,
    "allowlist_blocklist_disabled_on_sign_in": False,
    "block_email_subaddresses": False,
    "block_disposable_email_domains": False,
    "ignore_dots_for_gmail_addresses": False,
    "sign_up_mode": "restricted",
}
KEY_SET = {
    "keys": [
        {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": "ins_1QbY7lXv3rQoW6sTfVaPiJk8yMc",
            "n": "v3kPq0JxWmTz…",  # 342 characters
            "e": "AQAB",
        }
    ]
}

REQUESTS: dict[str, Any] = {
    "create_invitation": {
        "email_address": "ada@example.com",
        "public_metadata": {"role": "editor"},
        "expires_in_days": 14,
    },
    "create_invitations": [
        {"email_address": "ada@example.com"},
        {"email_address": "alan@example.com", "notify": False},
    ],
    "change_invitation": {"public_metadata": {"role": "owner"}},
    "resend_invitation": {"expires_in_days": 30},
    "change_instance": {
        "redirect_origins": ["https://app.example.com"],
        "support_email": "help@example.com",
    },
    "change_restrictions": {"sign_up_mode": "restricted"},
}

ANSWERS: dict[str, Any] = {
    "create_invitation": _MINTED,
    "create_invitations": [_MINTED],
    "list_invitations": [INVITATION],
    "get_invitation": INVITATION,
    "change_invitation": _CHANGED,
    "delete_invitation": {"object": "invitation", "id": INVITATION["id"], "deleted": True},
    "revoke_invitation": _REVOKED,
    "resend_invitation": _RESENT,
    "create_link": {**_MINTED, "url_channel": "shared"},
    "get_instance": _INSTANCE,
    "get_restrictions": _RESTRICTIONS,
    "change_restrictions": _RESTRICTIONS,
    "get_jwks": KEY_SET,
}
