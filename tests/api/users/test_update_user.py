"""`PATCH /v1/users/{id}`."""

import pytest

from accounts.models import User
from tests.accounts.visiting import mails, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "eight dry pelicans"


@pytest.fixture
def ada():
    return UserFactory(
        email_address="ada@example.com",
        further_addresses=["ada@second.example"],
        first_name="Ada",
        last_name="Lovelace",
        username="ada",
        external_id="42",
        locale="en",
    )


@pytest.fixture
def patch(api, ada):
    return lambda **fields: api.patch(f"/v1/users/{ada.pk}", fields)


def idn(user, address):
    return user.emailaddress_set.get(email=address).identity.id


def test_it_changes_what_is_given_and_nothing_else(patch, ada):
    user = patch(first_name="Augusta", delete_self_enabled=True).json()
    assert (user["first_name"], user["last_name"]) == ("Augusta", "Lovelace")
    assert user["delete_self_enabled"] is True
    assert user["updated_at"] >= user["created_at"]
    assert User.objects.get().username == "ada"


def test_nothing_given_changes_nothing(patch, ada):
    assert patch().json()["updated_at"] == patch().json()["updated_at"]


def test_null_clears_five_fields(patch):
    fields = ["first_name", "last_name", "username", "external_id", "locale"]
    user = patch(**dict.fromkeys(fields)).json()
    assert [user[name] for name in fields] == [None] * 5


def test_null_elsewhere_means_not_given(patch, ada):
    ada.replace_metadata(by=None, public_metadata={"a": 1})
    fields = ["public_metadata", "password", "created_at", "delete_self_enabled",
              "primary_email_address_id", "notify_primary_email_address_changed"]  # fmt: skip
    user = patch(**dict.fromkeys(fields)).json()
    assert user["public_metadata"] == {"a": 1}
    assert user["password_enabled"] is True


def test_metadata_is_replaced_as_older_sdks_expect(patch, ada):
    ada.replace_metadata(by=None, public_metadata={"a": 1}, private_metadata={"b": 1})
    user = patch(public_metadata={"c": None}).json()
    assert (user["public_metadata"], user["private_metadata"]) == ({"c": None}, {"b": 1})


def test_a_new_password_signs_in_and_ends_the_sessions(patch, client, stranger):
    sign_in(stranger)
    assert patch(password=NEW, sign_out_of_other_sessions=False).status_code == 200
    assert stranger.get("/account").status_code == 302
    assert sign_in(client).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302


def test_a_password_is_judged_by_the_person_it_is_for(patch, faults):
    for password, code in (
        ("ada@example.com", "form_password_not_strong_enough"),
        ("password1234", "form_password_pwned"),
        ("", "form_password_length_too_short"),
    ):
        assert faults(patch(password=password)) == (422, [(code, "password")])
    weak = patch(first_name="Wilhelmina", password="wilhelmina")
    assert faults(weak) == (422, [("form_password_not_strong_enough", "password")])
    assert User.objects.get().first_name == "Ada"
    assert patch(password="password1234", skip_password_checks=True).status_code == 200


def test_a_digest_replaces_a_password(patch):
    digest = "$2b$04$FI9OmP8TLH5VNBmBelxfeedfONV.7UOA6G1ttLvOYXhiHVOEvD3.m"
    assert patch(password_digest=digest, password_hasher="bcrypt").status_code == 200
    assert User.objects.get().password == f"bcrypt${digest}"


def test_another_address_becomes_the_first(patch, ada):
    user = patch(
        primary_email_address_id=idn(ada, "ada@second.example"),
        notify_primary_email_address_changed=False,
    ).json()
    assert user["primary_email_address_id"] == idn(ada, "ada@second.example")
    addresses = [each["email_address"] for each in user["email_addresses"]]
    assert addresses == ["ada@second.example", "ada@example.com"]
    assert mails() == []


def test_the_former_address_is_told_on_demand(patch, ada):
    second = idn(ada, "ada@second.example")
    patch(primary_email_address_id=second, notify_primary_email_address_changed=True)
    patch(primary_email_address_id=second, notify_primary_email_address_changed=True)
    (mail,) = mails()
    assert mail.to == ["ada@example.com"]
    assert "ada@example.com to ada@second.example" in " ".join(mail.body.split())


def test_nobody_elses_address_becomes_the_first(patch, faults):
    eve = UserFactory(email_address="eve@example.com")
    for identity in (idn(eve, "eve@example.com"), "idn_" + "0" * 27, "", "\0"):
        wanted = (422, [("form_param_value_invalid", "primary_email_address_id")])
        assert faults(patch(primary_email_address_id=identity, first_name="Eve")) == wanted
    assert User.objects.get(username="ada").first_name == "Ada"


def test_what_is_somebody_elses_is_refused(patch, faults):
    UserFactory(username="eve", external_id="7")
    answer = patch(username="EVE", external_id="7", first_name="Eve")
    names = ["username", "external_id"]
    assert faults(answer) == (422, [("form_identifier_exists", name) for name in names])
    assert User.objects.get(username="ada").first_name == "Ada"
    assert patch(username="ADA", external_id="42").status_code == 200


@pytest.mark.parametrize(
    "field", ["email_address", "banned", "locked", "is_staff", "is_superuser", "id", "role"]
)
def test_other_fields_are_unknown(patch, faults, field):
    for _again in range(3):
        assert faults(patch(**{field: True})) == (422, [("form_param_unknown", field)])
    assert not User.objects.filter(is_superuser=True).exists()


def test_of_admins_a_key_changes_names_and_metadata_only(api, faults):
    boss = UserFactory(admin=True, password=PASSWORD)
    path = f"/v1/users/{boss.pk}"
    assert api.patch(path, {"first_name": "G", "public_metadata": {"a": 1}}).status_code == 200
    for fields in ({"password": NEW}, {"username": "g"}, {"first_name": "H", "locale": "en"}):
        for _again in range(3):
            assert faults(api.patch(path, fields)) == (403, [("authorization_invalid", None)])
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert (boss.first_name, boss.username) == ("G", None)


def test_an_unknown_user_is_not_found_whatever_is_said(api, faults):
    answer = api.patch("/v1/users/user_" + "0" * 27, {"nonsense": 1})
    assert faults(answer) == (404, [("resource_not_found", None)])
