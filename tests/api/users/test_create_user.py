"""`POST /v1/users`: the good case, each field and each refusal."""

import pytest

from accounts.models import Application, User
from config import counters
from invitations.models import Event, Message
from tests.accounts.visiting import sign_in
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db

BARE = {"email_address": ["ada@example.com"], "skip_password_requirement": True}


def create(api, **fields):
    return api.post("/v1/users", {**BARE, **fields})


def test_it_makes_a_user_as_the_contract_shows_one(api):
    answer = create(api, email_address=["Ada@Example.com ", "ada@second.example"], first_name="Ada")
    assert answer.status_code == 200
    user = answer.json()
    assert user["id"] == User.objects.get().pk
    assert (user["object"], user["first_name"], user["last_name"]) == ("user", "Ada", None)
    first, second = user["email_addresses"]
    assert first["id"] == user["primary_email_address_id"] != second["id"]
    assert [first["email_address"], second["email_address"]] == [
        "ada@example.com",
        "ada@second.example",
    ]
    assert first["verification"] == {
        "object": "verification_admin",
        "status": "verified",
        "strategy": "admin",
        "attempts": None,
        "expire_at": None,
    }


def test_every_field_is_kept(api):
    fields = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "locale": "en-GB",
        "username": "Ada.L",
        "external_id": "crm/42",
        "public_metadata": {"a": None},
        "private_metadata": {"b": [1]},
        "unsafe_metadata": {"c": True},
        "delete_self_enabled": True,
    }
    user = create(api, **fields).json()
    assert {name: user[name] for name in fields} == {**fields, "username": "ada.l"}
    assert create(api, email_address=["b@example.com"]).json()["username"] is None


def test_times_of_another_system_are_kept(api):
    user = create(
        api, created_at="2021-05-06T07:08:09.5+02:00", legal_accepted_at="2021-05-06t05:08:10z"
    ).json()
    assert user["created_at"] == 1620277689500
    assert user["legal_accepted_at"] == 1620277690000


@pytest.mark.parametrize(
    "text", ["2999-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2021-13-01T00:00:00Z", "2021-05-06",
             "2021-05-06T07:08:09", "0000-01-01T00:00:00Z", "", "now", 1620277689500]
)  # fmt: skip
def test_other_times_are_refused(api, faults, text):
    answer = create(api, created_at=text)
    assert faults(answer) == (422, [("form_param_value_invalid", "created_at")])


def test_it_is_counted_told_and_mailed_to_nobody(api):
    before = counters.total("users")
    user = create(api).json()
    assert counters.total("users") == before + 1
    event = Event.objects.get(kind="user_created")
    assert (event.subject, event.actor_id) == (user["id"], api.key.id)
    assert not Message.objects.exists()


def test_a_key_makes_users_in_restricted_mode(api):
    Application.objects.current()
    Application.objects.update(sign_up_mode="restricted")
    assert create(api).status_code == 200
    assert User.objects.get().signup_grant == "secret_key"


def test_an_invitation_of_the_address_stays_pending(api):
    invitation = InvitationFactory(email_address="ada@example.com", public_metadata={"a": 1})
    assert create(api).json()["public_metadata"] == {}
    invitation.refresh_from_db()
    assert invitation.status == "pending"


def test_a_banned_or_locked_user_may_be_made(api):
    banned = create(api, banned=True).json()
    assert (banned["banned"], banned["locked"]) == (True, False)
    locked = create(api, email_address=["b@example.com"], locked=True).json()
    assert (locked["banned"], locked["locked"]) == (False, True)
    assert 3590 < locked["lockout_expires_in_seconds"] <= 3600


def test_a_password_signs_in(api, client):
    user = create(api, password=PASSWORD).json()
    assert user["password_enabled"] is True
    assert abs(user["password_last_updated_at"] - user["created_at"]) < 1000
    assert sign_in(client).status_code == 302


def test_without_a_password_nobody_signs_in(api, client):
    user = create(api).json()
    assert (user["password_enabled"], user["password_last_updated_at"]) == (False, None)
    assert sign_in(client, password="").status_code == 200


def test_a_digest_made_elsewhere_is_kept(api):
    digest = "$2b$04$FI9OmP8TLH5VNBmBelxfeedfONV.7UOA6G1ttLvOYXhiHVOEvD3.m"
    user = create(api, password_digest=digest, password_hasher="bcrypt").json()
    assert user["password_enabled"] is True
    assert User.objects.get().password == f"bcrypt${digest}"


def test_what_is_somebodys_is_refused_all_at_once(api, faults):
    UserFactory(
        email_address="x@example.com",
        further_addresses=["ada@example.com"],
        username="ada",
        external_id="1",
    )
    answer = create(api, username="ADA", external_id="1")
    names = ["email_address", "username", "external_id"]
    assert faults(answer) == (422, [("form_identifier_exists", name) for name in names])
    assert User.objects.count() == 1


def test_a_mode_or_a_body_gives_nobody_a_right(api, faults):
    for field in ("is_staff", "is_superuser", "role", "signup_grant", "id", "is_active"):
        for _again in range(3):
            answer = create(api, **{field: True})
            assert faults(answer) == (422, [("form_param_unknown", field)])
    assert not User.objects.exists()


def test_a_create_that_is_sent_again_is_refused(api, faults):
    create(api)
    assert faults(create(api)) == (422, [("form_identifier_exists", "email_address")])
