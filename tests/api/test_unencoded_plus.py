"""A `+` in an address in a query stays a plus, even if the client did not encode it."""

import pytest

from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db

EVERYWHERE = [
    "email_address=a+b@example.com",
    "email_address[]=a+b@example.com",
    "email_address=A%2Bb@example.com",
    "email_address=+a+b@example.com+",
    "email_address_query=a+b@",
    "email_address_query=+b@exam",
    "query=a+b@example.com",
    "query=a%2Bb",
]


@pytest.fixture(autouse=True)
def people(db):
    UserFactory(email_address="a+b@example.com", first_name="Ada @", last_name="Acme")
    UserFactory(email_address="ab@example.com", first_name="Bob")


@pytest.mark.parametrize("query", EVERYWHERE)
def test_users_are_found_and_counted(api, query):
    found = api.get(f"/v1/users?{query}").json()
    assert [user["first_name"] for user in found] == ["Ada @"]
    assert api.get(f"/v1/users/count?{query}").json()["total_count"] == 1


def test_a_space_in_a_name_stays_one(api):
    for query in ("query=ada+@+acme", "name_query=ada+@+acme", "query=%40+Acme"):
        assert len(api.get(f"/v1/users?{query}").json()) == 1


def test_invitations_are_found(api):
    InvitationFactory(email_address="a+b@example.com")
    for query in ("a+b@example.com", "a+b", "+b@example"):
        assert len(api.get(f"/v1/invitations?query={query}").json()) == 1


def test_pages_know_it_too(operator):
    InvitationFactory(email_address="a+b@example.com")
    for page in (
        "/users?q=a+b@example.com",
        "/invitations?q=a+b",
        "/invitations/new?email_address=a+b@example.com",
    ):
        assert "a+b@example.com" in operator.get(page).text
