"""What `POST /v1/users` refuses, field by field."""

import pytest

from accounts.models import User
from accounts.passwords import MAX_LENGTH
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

DIGEST = "$2b$04$FI9OmP8TLH5VNBmBelxfeedfONV.7UOA6G1ttLvOYXhiHVOEvD3.m"


def create(api, **fields):
    bare = {"email_address": ["ada@example.com"], "skip_password_requirement": True}
    return api.post("/v1/users", {**bare, **fields})


def test_nothing_at_all(api, faults):
    wanted = [("form_param_missing", "email_address"), ("form_param_missing", "password")]
    assert faults(api.post("/v1/users")) == (422, wanted)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "form_param_nil"),
        ([], "form_param_nil"),
        ([""], "form_param_nil"),
        ("ada@example.com", "form_param_value_invalid"),
        ([5], "form_param_value_invalid"),
        (["ada"], "form_param_format_invalid"),
        (["a@example.com", "A@example.com"], "form_param_duplicate"),
        ([f"a{n}@example.com" for n in range(101)], "form_param_array_size_exceeded"),
    ],
)
def test_addresses(api, faults, value, code):
    assert faults(create(api, email_address=value)) == (422, [(code, "email_address")])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "form_password_length_too_short"),
        ("short", "form_password_length_too_short"),
        ("x" * (MAX_LENGTH + 1), "form_password_length_too_long"),
        ("password1234", "form_password_pwned"),
        ("ada@example.com", "form_password_not_strong_enough"),
        ("nul\0 in a password", "form_param_value_invalid"),
        ("surrogate \ud800 in it", "form_param_value_invalid"),
        (12345678, "form_param_value_invalid"),
    ],
)
def test_passwords(api, faults, password, code):
    assert faults(create(api, password=password)) == (422, [(code, "password")])
    assert not User.objects.exists()


def test_checks_may_be_skipped_but_for_what_would_harm(api, faults):
    assert create(api, password="short", skip_password_checks=True).status_code == 200
    for password in ("", "x" * (MAX_LENGTH + 1)):
        answer = create(
            api, email_address=["b@example.com"], password=password, skip_password_checks=True
        )
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"password_digest": DIGEST}, "password_digest"),
        ({"password_digest": DIGEST, "password_hasher": "md5"}, "password_hasher"),
        ({"password_digest": "x", "password_hasher": "bcrypt"}, "password_digest"),
        (
            {"password_digest": DIGEST, "password_hasher": "bcrypt", "password": PASSWORD},
            "password",
        ),
    ],
)
def test_digests(api, faults, fields, wanted):
    assert faults(create(api, **fields)) == (422, [("form_param_value_invalid", wanted)])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("first_name", "x" * 65, "form_param_max_length_exceeded"),
        ("first_name", "two\nlines", "form_param_value_invalid"),
        ("last_name", "\u202egnp", "form_param_value_invalid"),
        ("last_name", "nul\0", "form_param_value_invalid"),
        ("last_name", 5, "form_param_value_invalid"),
        ("username", "", "form_param_value_invalid"),
        ("username", "a b", "form_param_value_invalid"),
        ("username", "ädä", "form_param_value_invalid"),
        ("username", "\u212a", "form_param_value_invalid"),
        ("username", "x" * 65, "form_param_max_length_exceeded"),
        ("external_id", "", "form_param_value_invalid"),
        ("external_id", "\ud800", "form_param_value_invalid"),
        ("external_id", "x" * 257, "form_param_max_length_exceeded"),
        ("locale", "english!", "form_param_value_invalid"),
        ("locale", "a" * 40, "form_param_value_invalid"),
        ("public_metadata", [], "form_param_value_invalid"),
        ("private_metadata", {"a": "x" * 9000}, "form_param_exceeds_allowed_size"),
        ("banned", 1, "form_param_value_invalid"),
        ("skip_password_checks", "true", "form_param_value_invalid"),
    ],
)
def test_other_fields(api, faults, field, value, code):
    assert faults(create(api, **{field: value})) == (422, [(code, field)])


WITHOUT_EFFECT = ["phone_number", "phone_number_identification_status", "web3_wallet",
                  "email_address_identification_status", "primary_phone_number_id", "totp_secret",
                  "primary_web3_wallet_id", "profile_image_id", "backup_codes",
                  "create_organization_enabled", "create_organizations_limit",
                  "bypass_client_trust"]  # fmt: skip


@pytest.mark.parametrize("field", WITHOUT_EFFECT)
def test_clerks_fields_for_what_ollio_lacks(api, faults, field):
    for value in (True, 1, "x", ["x"], {"x": 1}, {}):
        assert faults(create(api, **{field: value})) == (
            422,
            [("form_param_value_invalid", field)],
        )
    for number, value in enumerate((None, False, 0, "", [])):
        answer = create(api, email_address=[f"u{number}@example.com"], **{field: value})
        assert answer.status_code == 200


def test_clerks_checks_that_ollio_lacks_may_be_skipped(api):
    assert create(api, skip_legal_checks=True, skip_user_requirement=True).status_code == 200


def test_all_faults_come_in_one_answer(api, faults):
    answer = create(api, email_address=["x"], first_name=5, password="short", role="admin")
    assert sorted(faults(answer)[1]) == [
        ("form_param_format_invalid", "email_address"),
        ("form_param_unknown", "role"),
        ("form_param_value_invalid", "first_name"),
        ("form_password_length_too_short", "password"),
    ]
