"""`GET /v1/users`: pages and orders. The filters are in test_filter_users.py."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(api):
    """Return the first names in a list response."""

    def names(query=""):
        answer = api.get(f"/v1/users{query}")
        assert answer.status_code == 200
        return "".join(user["first_name"] or "-" for user in answer.json())

    return names


@pytest.fixture
def alphabet():
    """Five users, created some days apart; C and D at the same moment."""
    days = {"A": 5, "B": 4, "C": 3, "D": 3, "E": 1}
    now = timezone.now()
    return [
        UserFactory(first_name=name, created_at=now - timedelta(days=day))
        for name, day in days.items()
    ]


def test_it_is_a_bare_array_newest_first(api, alphabet, listed):
    assert listed() == "EDCBA"
    assert isinstance(api.get("/v1/users?paginated=true").json(), list)


def test_ten_unless_said_otherwise(api):
    for _number in range(12):
        UserFactory()
    assert len(api.get("/v1/users").json()) == 10
    assert len(api.get("/v1/users?limit=12").json()) == 12


def test_limit_and_offset(alphabet, listed):
    assert listed("?limit=2&offset=1") == "DC"
    assert listed("?offset=100") == ""


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "offset=-1", "limit=1&limit=2"]
)
def test_other_numbers_are_refused(api, query):
    assert api.get(f"/v1/users?{query}").status_code == 422


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("created_at", "ABCDE"),
        ("%2Bcreated_at", "ABCDE"),
        ("+created_at", "ABCDE"),
        ("-created_at", "EDCBA"),
        ("first_name", "ABCDE"),
        ("-first_name", "EDCBA"),
        ("email_address", "ABCDE"),
        ("last_name", "ABCDE"),
        ("updated_at", "ABCDE"),
    ],
)
def test_orders(alphabet, listed, order, wanted):
    assert listed(f"?order_by={order}") == wanted


@pytest.mark.parametrize("field", ["username", "last_active_at", "last_sign_in_at"])
def test_who_has_no_such_value_comes_last_either_way(listed, field):
    UserFactory(first_name="N")
    for name in "AB":
        UserFactory(first_name=name, username=name.lower()).note_sign_in()
        User.objects.filter(first_name="A").update(last_login="2026-01-01T00:00:00Z",
                                                   last_active_at="2026-01-01T00:00:00Z")  # fmt: skip
    assert listed(f"?order_by={field}") == "ABN"
    assert listed(f"?order_by=-{field}") == "BAN"


@pytest.mark.parametrize("order", ["password", "-id", "created_at,id", "emailaddress__email", "?"])
def test_other_orders_are_refused(api, faults, order):
    answer = api.get("/v1/users", {"order_by": order})
    assert faults(answer) == (422, [("form_param_value_invalid", "order_by")])


@pytest.mark.parametrize(("order", "wanted"), [("-created_at", "EDCBA"), ("created_at", "ABCDE")])
def test_a_cursor_walks_the_whole_list(api, alphabet, order, wanted):
    names, last = "", ""
    for _page in range(4):
        page = api.get(
            "/v1/users", {"limit": 2, "order_by": order, "offset": 0, "starting_after": last}
        ).json()
        names += "".join(user["first_name"] for user in page)
        last = page[-1]["id"] if page else last
    assert names == wanted


@pytest.mark.parametrize("query", ["offset=1", "order_by=first_name", "order_by=-updated_at"])
def test_a_cursor_needs_the_order_of_birth(api, alphabet, faults, query):
    answer = api.get(f"/v1/users?{query}&starting_after={alphabet[0].pk}")
    assert faults(answer) == (422, [("form_param_value_invalid", "starting_after")])


def test_a_cursor_is_somebody(api, faults):
    answer = api.get(f"/v1/users?starting_after=user_{'0' * 27}")
    assert faults(answer) == (422, [("form_param_value_invalid", "starting_after")])


def test_unknown_keys_are_ignored(alphabet, listed):
    assert listed("?organization_id=org_x&phone_number=%2B1&nonsense=1") == "EDCBA"


def test_many_cost_as_few_queries_as_one(api, django_assert_num_queries):
    for number in range(2):
        UserFactory(further_addresses=[f"more{number}@example.com"])
    api.get("/v1/users")  # the key's use is recorded once a minute
    with django_assert_num_queries(4):  # the key, users, addresses, second factors
        api.get("/v1/users?limit=500")
    for number in range(20):
        UserFactory(further_addresses=[f"most{number}@example.com"]).lock(by=None)
    with django_assert_num_queries(4):
        assert len(api.get("/v1/users?limit=500").json()) == 22
