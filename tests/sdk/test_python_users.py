"""The Python SDK and users: find, create, read, change, delete."""

import pytest
from clerk_backend_api.models import TotalCountObject, User, UserObject

# The SDK warns of a deprecated filter in every query, even if the query does not use it.
pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

PASSWORD = "seven wet penguins"


@pytest.fixture
def create(clerk, address):
    """`create(**fields)` creates a user with a new address."""

    def create(**fields):
        fields = {"email_address": [address()], "skip_password_requirement": True, **fields}
        return clerk.users.create(**fields)

    return create


@pytest.fixture
def several(create):
    """Three users, oldest first, and a word that finds only them."""

    def several(word):
        return [
            create(email_address=[f"{letter}.{word}@example.com"], first_name=letter.upper())
            for letter in "bca"
        ]

    return several


def letters(users):
    return "".join(user.email_addresses[0].email_address[0] for user in users)


# --- Create -----------------------------------------------------------------------------------------


def test_a_user_is_made_from_an_address_and_a_password(clerk, address):
    to = address()
    user = clerk.users.create(email_address=[to], password=PASSWORD)
    assert isinstance(user, User)
    assert user.object is UserObject.USER
    assert user.id.startswith("user_")
    assert user.email_addresses[0].email_address == to
    assert user.password_enabled is True


def test_a_new_users_address_is_verified_by_the_key(create):
    [email] = create().email_addresses
    verification = email.verification
    assert (verification.object.value, verification.status.value) == (
        "verification_admin",
        "verified",
    )
    assert (verification.strategy.value, verification.attempts, verification.expire_at) == (
        "admin",
        None,
        None,
    )
    assert (email.linked_to, email.reserved) == ([], False)


def test_the_first_address_is_the_primary_one(create):
    user = create()
    assert user.primary_email_address_id == user.email_addresses[0].id
    assert user.email_addresses[0].id.startswith("idn_")


def test_all_fields_come_back(create):
    user = create(
        first_name="Ada",
        last_name="Lovelace",
        locale="en-GB",
        external_id="python-1",
        username="ada.python",
        public_metadata={"Role": "editor"},
        private_metadata={"note": None},
        unsafe_metadata={"a": [1]},
        delete_self_enabled=True,
        legal_accepted_at="2026-01-02T03:04:05Z",
        created_at="2025-01-02T03:04:05.678Z",
    )
    assert (user.first_name, user.last_name, user.locale) == ("Ada", "Lovelace", "en-GB")
    assert (user.external_id, user.username) == ("python-1", "ada.python")
    assert user.public_metadata == {"Role": "editor"}
    assert user.private_metadata == {"note": None}
    assert user.unsafe_metadata == {"a": [1]}
    assert user.delete_self_enabled is True
    assert user.legal_accepted_at == 1767323045000
    assert user.created_at == 1735787045678


def test_what_was_not_given_is_none_or_empty(create):
    user = create()
    nulls = (user.first_name, user.last_name, user.username, user.external_id, user.locale)
    assert set(nulls) == {None}
    assert (user.last_sign_in_at, user.last_active_at, user.legal_accepted_at) == (None,) * 3
    metadata = (user.public_metadata, user.private_metadata, user.unsafe_metadata)
    assert metadata == ({}, {}, {})
    assert (user.banned, user.locked, user.password_enabled) == (False, False, False)


def test_times_are_whole_milliseconds(create):
    user = create(password=PASSWORD)
    times = (user.created_at, user.updated_at, user.password_last_updated_at)
    assert {type(each) for each in times} == {int}
    assert min(times) > 1_700_000_000_000


def test_a_user_may_be_made_banned_and_locked(create):
    user = create(banned=True, locked=True)
    assert (user.banned, user.locked) == (True, True)


# --- Read and list ----------------------------------------------------------------------------------


def test_a_user_is_read_as_it_was_made(clerk, create):
    user = create(first_name="Ada", public_metadata={"a": 1})
    assert clerk.users.get(user_id=user.id) == user


def test_a_list_sends_what_it_is_given(clerk):
    clerk.users.list(
        request={"email_address": ["a@b.co", "c@d.co"], "query": "x", "limit": 5, "offset": 0}
    )
    assert clerk.sent[0].target == (
        "/v1/users?email_address=a%40b.co&email_address=c%40d.co&query=x"
        "&limit=5&offset=0&order_by=-created_at"
    )


def test_a_list_begins_with_the_newest(clerk, several):
    ids = [user.id for user in several("newestpython")]
    found = clerk.users.list(request={"query": ".newestpython@"})
    assert [user.id for user in found] == ids[::-1]


def test_a_list_without_a_request_is_the_first_page(clerk, create):
    newest = create()
    found = clerk.users.list(request={})
    assert found[0].id == newest.id
    assert len(found) <= 10


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("+created_at", "bca"),
        ("-created_at", "acb"),
        ("email_address", "abc"),
        ("-email_address", "cba"),
        ("+first_name", "abc"),
        ("-first_name", "cba"),
        ("+updated_at", "bca"),
    ],
)
def test_a_list_is_ordered_as_asked(clerk, several, order, expected, request):
    word = f"userorder{request.node.callspec.indices['order']}"
    several(word)
    found = clerk.users.list(request={"query": f".{word}@", "order_by": order})
    assert letters(found) == expected


def test_several_values_of_a_filter_are_a_union(clerk, create):
    first, second = create(), create()
    addresses = [user.email_addresses[0].email_address for user in (first, second)]
    found = clerk.users.list(request={"email_address": [*addresses, "nobody@example.com"]})
    assert {user.id for user in found} == {first.id, second.id}


def test_users_are_found_by_id_external_id_and_username(clerk, create):
    user = create(external_id="python-find", username="python.find")
    for request in (
        {"user_id": [user.id]},
        {"external_id": ["python-find"]},
        {"username": ["python.find"]},
        {"query": "python.find"},
        {"username_query": "thon.fin"},
    ):
        assert [each.id for each in clerk.users.list(request=request)] == [user.id]


def test_users_are_found_by_whether_they_are_banned(clerk, several):
    first, *others = several("bannedpython")
    clerk.users.ban(user_id=first.id)
    query = ".bannedpython@"
    banned = clerk.users.list(request={"query": query, "banned": True})
    free = clerk.users.list(request={"query": query, "banned": False})
    assert [each.id for each in banned] == [first.id]
    assert {each.id for each in free} == {each.id for each in others}


def test_a_count_takes_the_same_filters(clerk, several):
    several("countpython")
    count = clerk.users.count(request={"query": ".countpython@"})
    assert (count.object, count.total_count) == (TotalCountObject.TOTAL_COUNT, 3)
    assert clerk.sent[-1].target == "/v1/users/count?query=.countpython%40"


def test_the_whole_count_moves_with_what_is_made_and_deleted(clerk, create):
    before = clerk.users.count(request={}).total_count
    user = create()
    assert clerk.users.count(request={}).total_count == before + 1
    clerk.users.delete(user_id=user.id)
    assert clerk.users.count(request={}).total_count == before


# --- Delete -----------------------------------------------------------------------------------------


def test_a_deletion_says_what_was_deleted(clerk, create):
    user = create()
    deleted = clerk.users.delete(user_id=user.id)
    assert (deleted.object, deleted.id, deleted.deleted) == ("user", user.id, True)
    assert (clerk.sent[-1].method, clerk.sent[-1].body) == ("DELETE", None)


def test_a_deletion_frees_the_address(clerk, create):
    user = create()
    clerk.users.delete(user_id=user.id)
    again = create(email_address=[user.email_addresses[0].email_address])
    assert again.id != user.id
