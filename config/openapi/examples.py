"""Examples of requests and responses of the Backend API: one for each operation, by its name."""

from typing import Any

INVITATION: dict[str, Any] = {
    "object": "invitation",
    "id": "inv_1QcZ8mYw4sRpX7tUgWbQjKl9zNd",
    "email_address": "ada@example.com",
    "public_metadata": {"role": "editor"},
    "status": "pending",
    "redirect_url": None,
    "destination": "https://ollio.example/sign-up",
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
    "destination": "https://ollio.example/sign-up?notice=invitation_revoked",
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
            "n": "v3kPq0JxWmTz…",  # shortened from 342 characters
            "e": "AQAB",
        }
    ]
}

USER: dict[str, Any] = {
    "object": "user",
    "id": "user_1QdA2nZx5tSqY8uVhXcRkLm0aOe",
    "external_id": None,
    "primary_email_address_id": "idn_1QdB3oAy6uTrZ9vWiYdSlMn1bPf",
    "primary_phone_number_id": None,
    "primary_web3_wallet_id": None,
    "username": None,
    "first_name": "Ada",
    "last_name": None,
    "locale": None,
    "image_url": "",
    "profile_image_url": "",
    "has_image": False,
    "public_metadata": {"role": "editor"},
    "private_metadata": {},
    "unsafe_metadata": {},
    "email_addresses": [
        {
            "object": "email_address",
            "id": "idn_1QdB3oAy6uTrZ9vWiYdSlMn1bPf",
            "email_address": "ada@example.com",
            "reserved": False,
            "verification": {
                "object": "verification_ticket",
                "status": "verified",
                "strategy": "ticket",
                "attempts": None,
                "expire_at": None,
            },
            "linked_to": [],
            "matches_sso_connection": False,
            "created_at": 1790977600000,
            "updated_at": 1790977600000,
        }
    ],
    "phone_numbers": [],
    "web3_wallets": [],
    "passkeys": [],
    "external_accounts": [],
    "saml_accounts": [],
    "enterprise_accounts": [],
    "organization_memberships": [],
    "password_enabled": True,
    "two_factor_enabled": False,
    "totp_enabled": False,
    "backup_code_enabled": False,
    "mfa_enabled_at": None,
    "mfa_disabled_at": None,
    "password_last_updated_at": 1790977600000,
    "last_sign_in_at": 1790977600000,
    "last_active_at": 1790977600000,
    "banned": False,
    "locked": False,
    "lockout_expires_in_seconds": None,
    "verification_attempts_remaining": None,
    "delete_self_enabled": False,
    "create_organization_enabled": False,
    "create_organizations_limit": None,
    "timezone": None,
    "profile_image_id": "",
    "legal_accepted_at": None,
    "created_at": 1790977600000,
    "updated_at": 1790977600000,
}
_BANNED = {**USER, "banned": True}
_WITH_METADATA = {**USER, "public_metadata": {"role": "editor", "team": "blue"}}

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
    "create_user": {
        "email_address": ["ada@example.com"],
        "first_name": "Ada",
        "skip_password_requirement": True,
        "public_metadata": {"role": "editor"},
    },
    "change_user": {"first_name": "Ada", "last_name": None},
    "merge_user_metadata": {"public_metadata": {"team": "blue", "trial": None}},
    "replace_user_metadata": {"public_metadata": {"role": "editor", "team": "blue"}},
    "ban_users": {"user_ids": [USER["id"]]},
    "unban_users": {"user_ids": [USER["id"]]},
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
    "list_users": [USER],
    "count_users": {"object": "total_count", "total_count": 3},
    "create_user": USER,
    "get_user": USER,
    "change_user": USER,
    "delete_user": {"object": "user", "id": USER["id"], "deleted": True},
    "merge_user_metadata": _WITH_METADATA,
    "replace_user_metadata": _WITH_METADATA,
    "ban_user": _BANNED,
    "unban_user": USER,
    "lock_user": {**USER, "locked": True, "lockout_expires_in_seconds": 3600},
    "unlock_user": USER,
    "ban_users": [_BANNED],
    "unban_users": [USER],
    "get_instance": _INSTANCE,
    "get_restrictions": _RESTRICTIONS,
    "change_restrictions": _RESTRICTIONS,
    "get_jwks": KEY_SET,
}
