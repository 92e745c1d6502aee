"""`GET /v1/users/{id}`: the object, key by key."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# Keys that Clerk has and Ollio lacks. The JavaScript SDK crashes without a list, the Python SDK without any key.
WITHOUT = {
    "primary_phone_number_id": None,
    "primary_web3_wallet_id": None,
    "image_url": "",
    "profile_image_url": "",
    "has_image": False,
    "phone_numbers": [],
    "web3_wallets": [],
    "passkeys": [],
    "external_accounts": [],
    "saml_accounts": [],
    "enterprise_accounts": [],
    "organization_memberships": [],
    "mfa_disabled_at": None,
    "verification_attempts_remaining": None,
    "create_organization_enabled": False,
    "create_organizations_limit": None,
    "timezone": None,
    "profile_image_id": "",
}
OWN = {
    "object", "id", "external_id", "primary_email_address_id", "username", "first_name", "last_name",
    "locale", "public_metadata", "private_metadata", "unsafe_metadata", "email_addresses",
    "password_enabled", "two_factor_enabled", "totp_enabled", "backup_code_enabled",
    "mfa_enabled_at", "password_last_updated_at", "last_sign_in_at", "last_active_at", "banned",
    "locked", "lockout_expires_in_seconds", "delete_self_enabled", "legal_accepted_at",
    "created_at", "updated_at",
}  # fmt: skip


def get(api, user):
    return api.get(f"/v1/users/{user.pk}").json()


def test_a_user_has_every_key_of_the_contract(api):
    user = get(api, UserFactory())
    assert user.keys() == OWN | WITHOUT.keys()
    assert {name: user[name] for name in WITHOUT} == WITHOUT
    assert "deleted" not in user


def test_a_user_who_never_signed_in(api):
    user = get(api, UserFactory(password=None))
    nulls = ["external_id", "username", "first_name", "last_name", "locale", "last_sign_in_at",
             "last_active_at", "password_last_updated_at", "mfa_enabled_at", "legal_accepted_at",
             "lockout_expires_in_seconds"]  # fmt: skip
    assert [user[name] for name in nulls] == [None] * len(nulls)
    flags = ["password_enabled", "two_factor_enabled", "totp_enabled", "backup_code_enabled"]
    assert [user[name] for name in [*flags, "banned", "locked"]] == [False] * 6


def test_times_are_whole_milliseconds(api, member):
    member.user.note_sign_in()
    user = get(api, member.user)
    for name in ("created_at", "updated_at", "last_sign_in_at", "last_active_at"):
        assert isinstance(user[name], int)
        assert user[name] > 1_700_000_000_000


@pytest.mark.parametrize(
    ("grant", "proof", "kind", "strategy"),
    [
        ("invitation", "ticket", "verification_ticket", "ticket"),
        ("public", "email_code", "verification_otp", "email_code"),
        ("secret_key", "admin", "verification_admin", "admin"),
    ],
)
def test_an_address_tells_how_it_was_proved(api, grant, proof, kind, strategy):
    (address,) = get(api, UserFactory(grant=grant))["email_addresses"]
    verification = address["verification"]
    assert (verification["object"], verification["strategy"]) == (kind, strategy)
    assert verification["status"] == "verified"
    numbers = [verification["attempts"], verification["expire_at"]]
    by_code = [1, address["created_at"] + 600_000]
    assert numbers == (by_code if proof == "email_code" else [None, None])
    assert (address["linked_to"], address["reserved"]) == ([], False)


def test_second_factors_show(api):
    ada = UserFactory()
    Authenticator.objects.create(user=ada, type="totp", data={})
    Authenticator.objects.create(user=ada, type="recovery_codes", data={})
    user = get(api, ada)
    flags = ["two_factor_enabled", "totp_enabled", "backup_code_enabled"]
    assert [user[name] for name in flags] == [True] * 3
    assert user["mfa_enabled_at"] >= user["created_at"]


def test_recovery_codes_alone_are_no_second_factor(api):
    ada = UserFactory()
    Authenticator.objects.create(user=ada, type="recovery_codes", data={})
    user = get(api, ada)
    assert (user["two_factor_enabled"], user["mfa_enabled_at"]) == (False, None)


@pytest.mark.parametrize("user_id", ["user_x", "user_" + "0" * 27, "inv_" + "0" * 27, "x", "%00"])
def test_what_is_no_user_is_not_found(api, faults, user_id):
    assert faults(api.get(f"/v1/users/{user_id}")) == (404, [("resource_not_found", None)])


def test_head_is_get_without_the_body(api):
    ada = UserFactory()
    for path in (f"/v1/users/{ada.pk}", "/v1/users", "/v1/users/count"):
        answer = api.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
    assert api.get(f"/v1/users/{ada.pk}")["Content-Type"] == "application/json"


def test_the_password_is_never_told(api):
    ada = UserFactory()
    assert ada.password not in api.get(f"/v1/users/{ada.pk}").content.decode()
