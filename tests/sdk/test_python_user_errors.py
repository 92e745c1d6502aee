"""Which error the Python SDK raises for users: its typed error for the statuses that it knows."""

import pytest

from tests.factories import UserFactory

# The SDK warns of a deprecated filter in every query, even if the query does not use it.
pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

UNKNOWN = f"user_{'0' * 27}"


@pytest.fixture
def user(clerk, address):
    return clerk.users.create(email_address=[address()], skip_password_requirement=True)


@pytest.fixture
def create(clerk, address):
    def create(**fields):
        fields = {"email_address": [address()], "skip_password_requirement": True, **fields}
        return lambda: clerk.users.create(**fields)

    return create


@pytest.mark.parametrize(
    ("fields", "code", "parameter"),
    [
        ({"email_address": ["ada"]}, "form_param_format_invalid", "email_address"),
        ({"email_address": []}, "form_param_nil", "email_address"),
        ({"password": "short"}, "form_password_length_too_short", "password"),
        ({"password": "x" * 5000}, "form_password_length_too_long", "password"),
        ({"skip_password_requirement": False}, "form_param_missing", "password"),
        ({"phone_number": ["+15555550100"]}, "form_param_value_invalid", "phone_number"),
        (
            {"public_metadata": {"text": "x" * 8192}},
            "form_param_exceeds_allowed_size",
            "public_metadata",
        ),
        ({"created_at": "yesterday"}, "form_param_value_invalid", "created_at"),
    ],
)
def test_a_bad_parameter_of_create_is_a_typed_422(create, refused, fields, code, parameter):
    [fault] = refused(422, create(**fields))
    assert (fault["code"], fault["meta"]["param_name"]) == (code, parameter)


def test_a_known_address_is_a_typed_422(create, refused, user):
    known = [user.email_addresses[0].email_address]
    [fault] = refused(422, create(email_address=known))
    assert (fault["code"], fault["meta"]["param_name"]) == (
        "form_identifier_exists",
        "email_address",
    )


def test_a_known_username_is_a_typed_422(create, refused):
    create(username="taken.python")()
    [fault] = refused(422, create(username="taken.python"))
    assert fault["code"] == "form_identifier_exists"


def test_an_unknown_hasher_is_a_typed_422(create, refused):
    fields = {"password_digest": "5f4dcc3b5aa765d61d8327deb882cf99", "password_hasher": "md5"}
    [fault] = refused(422, create(**fields))
    assert fault["meta"]["param_name"] == "password_hasher"


@pytest.mark.parametrize("user_id", [UNKNOWN, "user_1", "inv_1", "ä", ""])
@pytest.mark.parametrize("verb", ["get", "delete", "update", "update_metadata", "replace_metadata"])
def test_an_unknown_user_is_a_typed_404(clerk, refused, verb, user_id):
    fields = {"public_metadata": {}} if "metadata" in verb else {}
    [fault] = refused(404, lambda: getattr(clerk.users, verb)(user_id=user_id, **fields))
    assert fault["code"] == "resource_not_found"


@pytest.mark.parametrize("verb", ["ban", "unban", "lock", "unlock"])
def test_an_unknown_user_is_an_untyped_404_where_nobody_expects_one(clerk, refused, verb):
    refused(404, lambda: getattr(clerk.users, verb)(user_id=UNKNOWN), typed=False)


def test_a_bad_change_is_a_typed_422(clerk, refused, user):
    [fault] = refused(422, lambda: clerk.users.update(user_id=user.id, password="short"))
    assert fault["code"] == "form_password_length_too_short"


def test_a_bad_merge_is_a_typed_422(clerk, refused, user):
    big = {"text": "x" * 8192}
    [fault] = refused(
        422, lambda: clerk.users.update_metadata(user_id=user.id, public_metadata=big)
    )
    assert fault["code"] == "form_param_exceeds_allowed_size"


@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": 501}, {"order_by": "id"}])
def test_a_bad_option_of_a_list_is_a_typed_422(clerk, refused, options):
    [fault] = refused(422, lambda: clerk.users.list(request=options))
    assert fault["meta"] == {"param_name": next(iter(options))}


def test_a_bad_option_of_a_count_is_a_typed_422(clerk, refused):
    refused(422, lambda: clerk.users.count(request={"query": "\0"}))


@pytest.mark.parametrize("verb", ["list", "get", "delete", "create", "update"])
def test_a_wrong_key_is_a_typed_401_where_the_sdk_knows_it(connect, refused, verb):
    users = connect("sk_test_unknown").users
    fields = {"list": {"request": {}}, "create": {}}.get(verb, {"user_id": UNKNOWN})
    [fault] = refused(401, lambda: getattr(users, verb)(**fields))
    assert fault["code"] == "clerk_key_invalid"


def test_a_wrong_key_is_an_untyped_401_elsewhere(connect, refused):
    users = connect("sk_test_unknown").users
    refused(401, lambda: users.count(request={}), typed=False)
    refused(401, lambda: users.ban(user_id=UNKNOWN), typed=False)


@pytest.mark.parametrize("verb", ["bulk_ban", "bulk_unban"])
def test_many_users_need_at_least_one_id(clerk, refused, verb):
    refused(422, lambda: getattr(clerk.users, verb)(user_ids=[]), typed=False)


@pytest.mark.parametrize("verb", ["ban", "lock", "delete"])
def test_a_key_may_not_touch_an_admin(clerk, refused, verb):
    admin = UserFactory(admin=True)
    [fault] = refused(
        403, lambda: getattr(clerk.users, verb)(user_id=admin.id), typed=verb == "lock"
    )
    assert fault["code"] == "authorization_invalid"
