"""What a page learns before it shows a form. Every field is written out here instead of taken from the code. For fields
that Clerk's packages only need to exist, the value is that of a new installation.
"""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Application
from tests.factories import UserFactory
from tests.frontend_api.signing_up import begin, set_mode

BASE = "http://localhost:8000"
OFF = {"enabled": False}
PLAIN = {
    "enabled": True,
    "required": False,
    "used_for_first_factor": False,
    "first_factors": [],
    "used_for_second_factor": False,
    "second_factors": [],
    "verifications": [],
    "verify_at_sign_up": False,
    "immutable": False,
}
ATTRIBUTES = {
    "email_address": PLAIN
    | {"required": True, "used_for_first_factor": True, "first_factors": ["email_code"]}
    | {"verifications": ["email_code"], "verify_at_sign_up": True},
    "password": PLAIN | {"required": True},
    "first_name": PLAIN,
    "last_name": PLAIN,
    "ticket": PLAIN,
    "authenticator_app": PLAIN | {"used_for_second_factor": True, "second_factors": ["totp"]},
    "backup_code": PLAIN | {"used_for_second_factor": True, "second_factors": ["backup_code"]},
    "phone_number": PLAIN | OFF,
    "username": PLAIN | OFF,
    "web3_wallet": PLAIN | OFF,
    "passkey": PLAIN | OFF,
}
USER_SETTINGS = {
    "social": {},
    "saml": OFF,
    "enterprise_sso": OFF,
    "sign_in": {"second_factor": {"required": False, "enabled": True}},
    "sign_up": {
        "captcha_enabled": False,
        "captcha_widget_type": None,
        "custom_action_required": False,
        "progressive": True,
        "mode": "public",
        "legal_consent_enabled": False,
    },
    "restrictions": {"allowlist": OFF, "blocklist": OFF, "block_email_subaddresses": OFF},
    "password_settings": {
        "disable_hibp": True,
        "min_length": 8,
        "max_length": 1024,
        "require_special_char": False,
        "require_numbers": False,
        "require_uppercase": False,
        "require_lowercase": False,
        "show_zxcvbn": False,
        "min_zxcvbn_strength": 0,
        "enforce_hibp_on_sign_in": False,
        "allowed_special_characters": "",
    },
    "username_settings": {"min_length": 1, "max_length": 64},
    "actions": {"delete_self": False, "create_organization": False},
    "attack_protection": {"user_lockout": OFF, "email_link": {"require_same_client": True}},
    "passkey_settings": {"allow_autofill": False, "show_sign_in_button": False},
}
AFTER = "sign_in sign_up switch_session join_waitlist leave_organization create_organization"
HOME = ["home_url", "logo_link_url", *(f"after_{what}_url" for what in AFTER.split())]
SIGN_IN = ["sign_in_url", "after_sign_out_one_url", "after_sign_out_all_url"]
SIGN_UP = ["sign_up_url", "waitlist_url"]
ACCOUNT = ["user_profile_url", "organization_profile_url", "create_organization_url"]
NOTHING = [
    *["google_one_tap_client_id", "help_url", "privacy_policy_url", "terms_url"],
    *["captcha_public_key", "captcha_public_key_invisible"],
    *["captcha_widget_type", "captcha_provider"],
]


def told(browser):
    answer = browser.get("environment")
    assert answer.status_code == 200
    return answer.json()


def display(browser):
    return told(browser)["display_config"]


def is_exactly(said, wanted):
    """Return whether both are equal and of the same types; in Python, 1 == True."""
    assert said == wanted
    assert json.dumps(said, sort_keys=True) == json.dumps(wanted, sort_keys=True)
    return True


def test_it_is_five_groups_in_no_wrapping(browser):
    groups = ["auth_config", "display_config", "user_settings", "organization_settings"]
    assert set(told(browser)) == {*groups, "maintenance_mode"}
    assert told(browser)["maintenance_mode"] is False


def test_auth_config_is_what_the_contract_says(browser):
    auth_config = told(browser)["auth_config"]
    del auth_config["id"]
    wanted = {"object": "auth_config", "single_session_mode": True, "reverification": False}
    wanted |= {"claimed_at": None, "preferred_channels": {}}
    assert is_exactly(auth_config, wanted)


def test_display_config_is_what_the_contract_says(browser):
    said = display(browser)
    del said["id"]
    wanted = {
        "object": "display_config",
        "instance_environment_type": "production",
        "application_name": "Ollio",
        "theme": {},
        "preferred_sign_in_strategy": "password",
        "logo_image_url": "",
        "favicon_image_url": "",
        "support_email": "",
        "branded": False,
        "experimental_force_oauth_first": False,
        "clerk_js_version": "6",
        "show_devmode_warning": False,
        "captcha_oauth_bypass": [],
        **dict.fromkeys(NOTHING),
        **dict.fromkeys(HOME, BASE),
        **dict.fromkeys(SIGN_IN, f"{BASE}/sign-in"),
        **dict.fromkeys(SIGN_UP, f"{BASE}/sign-up"),
        **dict.fromkeys(ACCOUNT, f"{BASE}/account"),
    }
    assert is_exactly(said, wanted)


def test_user_settings_and_attributes_are_those_that_the_contract_names(browser):
    user_settings = told(browser)["user_settings"]
    assert set(user_settings) == {"attributes", *USER_SETTINGS}
    assert set(user_settings["attributes"]) == set(ATTRIBUTES)


@pytest.mark.parametrize("group", USER_SETTINGS)
def test_a_group_of_user_settings_is_what_the_contract_says(browser, group):
    assert is_exactly(told(browser)["user_settings"][group], USER_SETTINGS[group])


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_is_what_the_contract_says(browser, name):
    assert is_exactly(told(browser)["user_settings"]["attributes"][name], ATTRIBUTES[name])


def test_there_are_no_organizations(browser):
    domains = {"enabled": False, "enrollment_modes": [], "default_role": None}
    wanted = {"enabled": False, "max_allowed_memberships": 1, "creator_role": ""}
    wanted |= {"actions": {"admin_delete": False}, "domains": domains}
    assert is_exactly(told(browser)["organization_settings"], wanted)


@pytest.mark.parametrize("group", ["auth_config", "display_config"])
def test_a_group_has_an_id_that_stays(browser, group):
    [first, second] = [told(browser)[group]["id"] for _ in range(2)]
    assert first == second
    assert re.fullmatch("[a-z_]+_[0-9A-Za-z]{27}", first)


@pytest.mark.parametrize(
    ("setting", "value", "names"),
    [
        ("name", "Acme & Söhne", ["application_name"]),
        ("support_address", "help@acme.example", ["support_email"]),
        ("home_url", "https://acme.example/home", HOME),
        ("sign_up_url", "https://acme.example/join?from=ollio", SIGN_UP),
        ("sign_in_url", "https://acme.example/enter", SIGN_IN),
    ],
)
def test_a_setting_shows_where_it_is_meant_and_nowhere_else(browser, setting, value, names):
    before = display(browser)
    Application.objects.update(**{setting: value})
    assert display(browser) == before | dict.fromkeys(names, value)


@pytest.mark.parametrize("mode", ["public", "restricted", "waitlist"])
def test_the_sign_up_mode_is_that_of_settings(browser, mode):
    set_mode(mode)
    assert told(browser)["user_settings"]["sign_up"]["mode"] == mode


def test_the_lengths_of_passwords_are_those_that_sign_ups_keep_to(browser, refused):
    lengths = told(browser)["user_settings"]["password_settings"]
    least, most = lengths["min_length"], lengths["max_length"]
    said = [("Qu7!vexed-lamp" * 100)[:n] for n in (least - 1, least, most, most + 1)]
    short, good, long, longer = [begin(browser, password=password) for password in said]
    assert (good.status_code, long.status_code) == (200, 200)
    assert refused(short) == (422, "form_password_length_too_short", "password")
    assert refused(longer) == (422, "form_password_length_too_long", "password")


def test_hosted_pages_are_at_the_base_url_whatever_the_host(browser, settings):
    settings.BASE_URL = "https://ollio.example"
    said = display(browser)
    for name in (*HOME, *SIGN_IN, *SIGN_UP, *ACCOUNT):
        assert said[name].startswith("https://ollio.example")


def test_a_developers_installation_says_so(browser, settings):
    settings.DEBUG = True
    assert display(browser)["instance_environment_type"] == "development"


def test_everybody_is_told_the_same_and_needs_no_key(browser, new_browser):
    UserFactory(email_address="ada@example.com")
    signed_in = new_browser()
    assert signed_in.sign_in()
    others = [signed_in, new_browser(origin=""), new_browser(origin="https://evil.example")]
    assert all(told(other) == told(browser) for other in others)


def test_reading_it_writes_nothing_and_leaves_no_cookie(browser):
    with CaptureQueriesContext(connection) as queries:
        told(browser)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert not browser.cookies


def test_what_clerks_component_says_of_itself_is_ignored(browser):
    versions = {"__clerk_api_version": "2025-11-10", "_clerk_js_version": "6.40.0"}
    assert browser.get("environment", **versions).json() == told(browser)


def test_a_patch_changes_nothing_and_is_told_the_same(browser):
    before = told(browser)
    row = Application.objects.values().get()
    answer = browser.patch("environment", application_name="Evil", maintenance_mode="true")
    assert (answer.status_code, answer.json()) == (200, before)
    assert Application.objects.values().get() == row


def test_it_answers_before_anybody_has_set_up(db):
    said = Client().get("/__clerk/v1/environment").json()
    assert said["display_config"]["application_name"] == "Ollio"
