"""The filters of `GET /v1/users` and `GET /v1/users/count`."""

import pytest
from django.utils import timezone

from accounts.models import User
from config import counters
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    ada = UserFactory(
        first_name="Ada",
        last_name="Lovelace",
        email_address="ada@example.com",
        further_addresses=["countess@analytical.example"],
        username="ada.l",
        external_id="crm-1",
    )
    bob = UserFactory(
        first_name="Bob", email_address="bob@example.com", username="b_b", external_id="-odd"
    )
    cyd = UserFactory(first_name="Cyd", email_address="cyd%x@other.example")
    return {"ada": ada, "bob": bob, "cyd": cyd}


@pytest.fixture
def found(api, people):
    """Return the names that list returns; check that count agrees."""

    def names(**query):
        listed = api.get("/v1/users", {**query, "order_by": "first_name"})
        counted = api.get("/v1/users/count", query)
        assert listed.status_code == counted.status_code == 200, listed.content
        assert counted.json()["object"] == "total_count"
        assert counted.json()["total_count"] == len(listed.json())
        return " ".join(user["first_name"] for user in listed.json())

    return names


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"email_address": "ADA@example.com"}, "Ada"),
        ({"email_address": "countess@analytical.example"}, "Ada"),
        ({"email_address": ["ada@example.com", "bob@example.com", "x@y.example"]}, "Ada Bob"),
        ({"email_address[]": ["ada@example.com", "bob@example.com"]}, "Ada Bob"),
        ({"email_address": ["ada@example.com", "countess@analytical.example"]}, "Ada"),
        ({"email_address": "no address"}, ""),
        ({"username": ["ADA.L", "nobody"]}, "Ada"),
        ({"external_id": "crm-1"}, "Ada"),
        ({"external_id": "+crm-1"}, "Ada"),
        ({"external_id": "-crm-1"}, "Bob Cyd"),
        ({"external_id": "unknown"}, ""),
        ({"email_address": "ada@example.com", "username": "b_b"}, ""),
    ],
)
def test_exact_filters(found, query, wanted):
    assert found(**query) == wanted


def test_ids_are_let_in_or_left_out(found, people):
    ada, bob = people["ada"].pk, people["bob"].pk
    assert found(user_id=ada) == "Ada"
    assert found(user_id=[f"+{ada}", f" {bob}"]) == "Ada Bob"
    assert found(user_id=f"-{ada}") == "Bob Cyd"
    assert found(user_id=[ada, bob, f"-{bob}"]) == "Ada"
    assert found(user_id=["user_x", "-user_y"]) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ADA", "Ada"),
        ("da love", "Ada"),
        ("EXAMPLE.com", "Ada Bob"),
        ("analytical", "Ada"),
        ("a.L", "Ada"),
        ("user_", "Ada Bob Cyd"),
        ("%", "Cyd"),
        ("d%x", "Cyd"),
        ("_b", "Bob"),
        ("\\", ""),
        ("'; --", ""),
        ("zzz", ""),
    ],
)
def test_query_looks_at_ids_names_addresses_and_usernames(found, text, wanted):
    assert found(query=text) == wanted


def test_query_finds_a_part_of_an_id(found, people):
    assert found(query=people["bob"].pk[8:].lower()) == "Bob"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"email_address_query": "Countess"}, "Ada"),
        ({"email_address_query": "lovelace"}, ""),
        ({"name_query": "LOVE"}, "Ada"),
        ({"name_query": "example"}, ""),
        ({"username_query": "_B"}, "Bob"),
        ({"username_query": "ada@"}, ""),
        ({"name_query": "ada", "email_address_query": "bob"}, ""),
    ],
)
def test_narrower_queries(found, query, wanted):
    assert found(**query) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("álvaro", "Álvaro"),
        ("ÁLVARO Ñ", "Álvaro"),
        ("юлия", "ЮЛИЯ"),
        ("alvaro", ""),
        ("á.varo", ""),
        ("ñ%", ""),
    ],
)
@pytest.mark.parametrize("name", ["name_query", "query"])
def test_a_name_is_found_in_either_case_of_every_letter(found, name, text, wanted):
    UserFactory(first_name="Álvaro", last_name="Ñandú")
    UserFactory(first_name="ЮЛИЯ")
    assert found(**{name: text}) == wanted


def test_banned(found, people):
    people["bob"].ban(by=None)
    assert found(banned="true") == "Bob"
    assert found(banned="0") == "Ada Cyd"


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("created_at", "created_at"),
        ("last_active_at", "last_active_at"),
        ("last_login", "last_sign_in_at"),
    ],
)
def test_times_are_compared_by_the_milliseconds_shown(api, found, people, column, name):
    User.objects.filter(first_name="Ada").update(**{column: timezone.now()})
    User.objects.filter(first_name="Bob").update(**{column: "2026-01-01T00:00:00.123999Z"})
    User.objects.filter(first_name="Cyd").update(**{column: "2026-01-01T00:00:00Z"})
    shown = api.get(f"/v1/users/{people['bob'].pk}").json()[name]
    assert shown == 1767225600123
    assert found(**{f"{name}_before": shown}) == "Cyd"
    assert found(**{f"{name}_after": shown}) == "Ada"
    assert found(**{f"{name}_after": shown - 1, f"{name}_before": shown + 1}) == "Bob"
    assert found(**{f"{name}_before": shown - 123}) == ""
    people["ada"].note_sign_in()
    exact = api.get(f"/v1/users/{people['ada'].pk}").json()[name]
    assert found(**{f"{name}_after": exact - 1, f"{name}_before": exact + 1}) == "Ada"
    assert found(**{f"{name}_after": exact}) == ""


@pytest.mark.parametrize("key", ["created_at_before", "last_sign_in_at_after"])
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 16, "2026-01-01T00:00:00Z"])
def test_other_times_are_refused(api, faults, key, value):
    for path in ("/v1/users", "/v1/users/count"):
        answer = api.get(path, {key: value})
        assert faults(answer) == (422, [("form_param_value_invalid", key)])


@pytest.mark.parametrize(
    "query",
    ["banned=yes", "query=%00", "username=%00", "user_id=a%00", "query=a&query=b",
     "email_address=" + "&email_address=".join("abc" * 34)],
)  # fmt: skip
def test_other_values_are_refused(api, query):
    for path in ("/v1/users", "/v1/users/count"):
        assert api.get(f"{path}?{query}").status_code == 422


def test_an_empty_value_is_none(found):
    assert found(email_address="", query="", banned="", user_id="") == "Ada Bob Cyd"


def test_without_filters_the_count_is_known_without_counting(api, people):
    counters.add("users", 1_000_000)
    assert api.get("/v1/users/count").json()["total_count"] == 1_000_003
    assert api.get("/v1/users/count?query=&limit=5").json()["total_count"] == 1_000_003
    assert api.get("/v1/users/count?banned=false").json()["total_count"] == 3


def test_a_filtered_count_stops_somewhere(api, people, monkeypatch):
    monkeypatch.setattr("accounts.api.user_calls.MAX_COUNT", 2)
    assert api.get("/v1/users/count?query=user_").json()["total_count"] == 2
