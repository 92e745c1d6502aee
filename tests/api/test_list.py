"""GET /v1/invitations."""

import pytest

from config.ids import new_id
from invitations.models import Invitation
from tests.factories import EventFactory, InvitationFactory, MessageFactory, UserFactory

PATH = "/v1/invitations"


@pytest.fixture
def four(db):
    """One invitation in each state, in order of creation."""
    return {
        "expired": InvitationFactory(email_address="old@example.com", expired=True),
        "accepted": InvitationFactory(email_address="in@example.com", accepted=True),
        "revoked": InvitationFactory(email_address="out@example.com", revoked=True),
        "pending": InvitationFactory(email_address="new@example.com"),
    }


def test_the_newest_come_first_and_revoked_ones_are_left_out(api, four):
    assert api.listed() == ["new@example.com", "in@example.com", "old@example.com"]


@pytest.mark.parametrize("status", ["pending", "accepted", "revoked", "expired"])
def test_one_status(api, four, status):
    [row] = api.get(f"{PATH}?status={status}").json()
    assert (row["id"], row["status"]) == (four[status].pk, status)


def test_all_statuses(api, four):
    assert len(api.listed("?status=pending&status=accepted&status=revoked&status=expired")) == 4


def test_a_row_is_what_create_answered_but_for_the_link(api):
    made = api.create(
        public_metadata={"a": None}, redirect_url="https://app.example.com/x", expires_in_days=7
    ).json()
    del made["url"], made["url_channel"]
    [row] = api.get(PATH).json()
    assert row == made


def test_revoked_is_said_of_revoked_ones_only(api, four):
    [revoked] = api.get(f"{PATH}?status=revoked").json()
    assert revoked["revoked"] is True
    assert isinstance(revoked["revoked_at"], int)
    assert not [row for row in api.get(PATH).json() if "revoked" in row]


def test_no_list_shows_a_link_or_a_ticket(api):
    api.create()
    assert "olt_" not in api.get(f"{PATH}?paginated=true").text
    assert "url_channel" not in api.get(PATH).text


def test_who_accepted(api):
    user = UserFactory()
    invitation = InvitationFactory(accepted=True, accepted_user=user)
    [row] = api.get(PATH).json()

    assert row["accepted_user_id"] == user.pk
    assert row["accepted_at"] == int(invitation.accepted_at.timestamp() * 1000)


def test_an_inviter_may_be_nobody(api):
    InvitationFactory(inviter_type="")
    assert api.get(PATH).json()[0]["inviter"] is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("queued", "queued"),
        ("sending", "queued"),
        ("sent", "sent"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
    ],
)
def test_delivery_status_is_the_newest_mails(api, state, said):
    invitation = InvitationFactory()
    older, newer = sorted([new_id("msg"), new_id("msg")])
    MessageFactory(id=newer, invitation=invitation, state=state)
    MessageFactory(id=older, invitation=invitation, state="sent")
    assert api.get(PATH).json()[0]["delivery_status"] == said


def test_without_a_mail_none_was_requested(api):
    InvitationFactory(notify=False)
    assert api.get(PATH).json()[0]["delivery_status"] == "not_requested"


def test_the_last_event_leaves_visits_out(api):
    invitation = InvitationFactory()
    for kind in ("created", "mail_sent", "opened", "scanned"):
        EventFactory(subject=invitation.pk, kind=kind)
    assert api.get(PATH).json()[0]["last_event"]["type"] == "mail_sent"


def test_expiry_is_the_last_event_of_an_expired_one(api, four):
    [row] = api.get(f"{PATH}?status=expired").json()
    assert row["last_event"] == {"type": "expired", "at": row["expires_at"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ADA", ["ada@example.com"]),
        ("a@EXAMPLE", ["ada@example.com"]),
        (
            "example.com",
            ["100%@example.com", "a_b@example.com", "ada@example.com", "axb@example.com"],
        ),
        ("%25", ["100%@example.com"]),
        ("_", ["a_b@example.com"]),
        ("a_b", ["a_b@example.com"]),
        ("nobody", []),
        ("\\", []),
        ("'", []),
        ("inv_", []),
        ("i", []),
    ],
)
def test_query_is_a_literal_substring_of_the_address_in_any_case(api, query, found):
    for name in ("ada", "a_b", "axb", "100%"):
        InvitationFactory(email_address=f"{name}@example.com")
    assert sorted(api.listed(f"?query={query}")) == found


def test_query_finds_an_id_or_the_beginning_of_one(api):
    first, _second = InvitationFactory(), InvitationFactory()

    assert api.listed(f"?query={first.pk}") == [first.email_address]
    assert len(api.listed(f"?query={first.pk[:8]}")) == 2
    assert api.listed(f"?query={first.pk[5:]}") == []
    assert api.listed(f"?query={first.pk.swapcase()}") == []


def test_query_keeps_to_the_statuses(api, four):
    assert api.listed("?query=out") == []
    assert api.listed("?query=out&status=revoked") == ["out@example.com"]


@pytest.mark.parametrize("field", ["created_at", "email_address", "expires_at"])
def test_order(api, four, field):
    rows = api.get(f"{PATH}?order_by={field}").json()
    assert rows == sorted(rows, key=lambda row: row[field])
    assert api.get(f"{PATH}?order_by=-{field}").json() == rows[::-1]


def test_the_id_breaks_ties_in_the_same_direction(api):
    moment = InvitationFactory().created_at
    Invitation.objects.all().delete()
    ids = sorted(InvitationFactory(created_at=moment).pk for _ in range(5))

    assert [row["id"] for row in api.get(f"{PATH}?order_by=created_at").json()] == ids
    assert [row["id"] for row in api.get(f"{PATH}?order_by=-created_at").json()] == ids[::-1]


def test_pages_of_ten(api):
    for _ in range(12):
        InvitationFactory()
    first, second = api.listed(), api.listed("?offset=10")
    assert (len(first), len(second), len({*first, *second})) == (10, 2, 12)


def test_a_page_counts_all_it_found(api, four):
    page = api.get(f"{PATH}?paginated=true&limit=1&offset=1").json()

    assert set(page) == {"data", "total_count"}
    assert [row["email_address"] for row in page["data"]] == ["in@example.com"]
    assert page["total_count"] == 3
    assert api.get(f"{PATH}?paginated=true&status=revoked&query=out").json()["total_count"] == 1
    assert api.get(f"{PATH}?paginated=true&query=nobody").json() == {"data": [], "total_count": 0}


def test_a_longer_page_takes_no_more_queries(api, django_assert_num_queries):
    api.get(PATH)
    for _ in range(30):
        MessageFactory()
    with django_assert_num_queries(3):  # the key, the count, the rows
        api.get(f"{PATH}?limit=30&paginated=true")
