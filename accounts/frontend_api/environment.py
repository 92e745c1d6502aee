"""What a page must know before it shows a form. Groups that Clerk knows and Ollio
does not are left out: its component has defaults for them.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel

from accounts.models import Application
from accounts.passwords import MAX_LENGTH, MIN_LENGTH
from config.api_output import reply
from config.mail import link

router = Router(tags=["Environment"])


class EnvironmentObject(BaseModel):
    auth_config: dict[str, Any]
    display_config: dict[str, Any]
    user_settings: dict[str, Any]
    organization_settings: dict[str, Any]
    maintenance_mode: bool


@router.get("/environment", response=EnvironmentObject)
def get_environment(request: HttpRequest) -> HttpResponse:
    """How the application is called, where its pages are, and what a sign-up asks for."""
    application = Application.objects.current()
    return reply(
        EnvironmentObject(
            auth_config=_auth_config(application),
            display_config=_display_config(application),
            user_settings=_user_settings(application),
            organization_settings=_WITHOUT_ORGANIZATIONS,
            maintenance_mode=False,
        )
    )


@router.patch("/environment", response=EnvironmentObject)
def update_environment(request: HttpRequest) -> HttpResponse:
    """What Clerk's component asks with a test key. Nothing changes; the answer is the environment."""
    return get_environment(request)


def _auth_config(application: Application) -> dict[str, Any]:
    return {
        "object": "auth_config",
        "id": application.instance_id.replace("ins_", "aconf_"),
        "single_session_mode": True,
        "reverification": False,
        "claimed_at": None,
        "preferred_channels": {},
    }


def _display_config(application: Application) -> dict[str, Any]:
    return {
        "object": "display_config",
        "id": application.instance_id.replace("ins_", "display_config_"),
        "instance_environment_type": application.environment_type,
        "application_name": application.name,
        "theme": {},
        "preferred_sign_in_strategy": "password",
        "logo_image_url": "",
        "favicon_image_url": "",
        "support_email": application.support_address,
        "branded": False,
        "experimental_force_oauth_first": False,
        "clerk_js_version": "6",
        "show_devmode_warning": False,
        **_pages(application),
        **_WITHOUT_CAPTCHA,
    }


def _pages(application: Application) -> dict[str, str | None]:
    home, sign_in = application.home_url or settings.BASE_URL, application.sign_in_page
    account = link(reverse("account"))
    at_home = ("home", "logo_link", "after_sign_in", "after_sign_up", "after_switch_session")
    elsewhere = ("after_join_waitlist", "after_leave_organization", "after_create_organization")
    at_account = ("user_profile", "organization_profile", "create_organization")
    at_sign_in = ("sign_in", "after_sign_out_one", "after_sign_out_all")
    return {
        **{f"{name}_url": home for name in (*at_home, *elsewhere)},
        **{f"{name}_url": account for name in at_account},
        **{f"{name}_url": sign_in for name in at_sign_in},
        "sign_up_url": application.sign_up_page,
        "waitlist_url": application.sign_up_page,
        "help_url": None,
        "privacy_policy_url": None,
        "terms_url": None,
        "google_one_tap_client_id": None,
    }


_PASSWORD_SETTINGS: dict[str, Any] = {
    "disable_hibp": True,
    "min_length": MIN_LENGTH,
    "max_length": MAX_LENGTH,
    "require_special_char": False,
    "require_numbers": False,
    "require_uppercase": False,
    "require_lowercase": False,
    "show_zxcvbn": False,
    "min_zxcvbn_strength": 0,
    "enforce_hibp_on_sign_in": False,
    "allowed_special_characters": "",
}
_WITHOUT_CAPTCHA: dict[str, Any] = {
    "captcha_public_key": None,
    "captcha_widget_type": None,
    "captcha_public_key_invisible": None,
    "captcha_provider": None,
    "captcha_oauth_bypass": [],
}
_WITHOUT_ORGANIZATIONS: dict[str, Any] = {
    "enabled": False,
    "max_allowed_memberships": 1,
    "actions": {"admin_delete": False},
    "domains": {"enabled": False, "enrollment_modes": [], "default_role": None},
    "creator_role": "",
}


def _user_settings(application: Application) -> dict[str, Any]:
    return {
        "attributes": _attributes(),
        "social": {},
        "saml": {"enabled": False},
        "enterprise_sso": {"enabled": False},
        "sign_in": {"second_factor": {"required": False, "enabled": True}},
        "sign_up": {
            "captcha_enabled": False,
            "captcha_widget_type": None,
            "custom_action_required": False,
            "progressive": True,
            "mode": application.sign_up_mode,
            "legal_consent_enabled": False,
        },
        "restrictions": {
            name: {"enabled": False}
            for name in ("allowlist", "blocklist", "block_email_subaddresses")
        },
        "password_settings": _PASSWORD_SETTINGS,
        "username_settings": {"min_length": 1, "max_length": 64},
        "actions": {"delete_self": False, "create_organization": False},
        "attack_protection": {
            "user_lockout": {"enabled": False},
            "email_link": {"require_same_client": True},
        },
        "passkey_settings": {"allow_autofill": False, "show_sign_in_button": False},
    }


def _attributes() -> dict[str, Any]:
    return {
        "email_address": _attribute(
            required=True, factors=["email_code"], verifications=["email_code"], identifies=True
        ),
        "password": _attribute(required=True),
        "first_name": _attribute(),
        "last_name": _attribute(),
        "ticket": _attribute(),
        "authenticator_app": _attribute(second=["totp"]),
        "backup_code": _attribute(second=["backup_code"]),
        **{
            name: _attribute() | {"enabled": False}
            for name in ("phone_number", "username", "web3_wallet", "passkey")
        },
    }


def _attribute(
    *,
    required: bool = False,
    factors: list[str] | None = None,
    second: list[str] | None = None,
    verifications: list[str] | None = None,
    identifies: bool = False,
) -> dict[str, Any]:
    return {
        "enabled": True,
        "required": required,
        "used_for_first_factor": identifies,
        "first_factors": factors or [],
        "used_for_second_factor": bool(second),
        "second_factors": second or [],
        "verifications": verifications or [],
        "verify_at_sign_up": bool(verifications),
        "immutable": False,
    }
