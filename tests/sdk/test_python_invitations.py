"""The Python SDK and invitations: what it sends, what it reads, and which errors it raises."""

import pytest
from clerk_backend_api.models import InvitationStatus, ListInvitationsQueryParamStatus

from tests.factories import InvitationFactory

DAY = 24 * 3600 * 1000  # in milliseconds


@pytest.fixture
def create(clerk, address):
    """`create(**fields)` invites a new address."""
    return lambda **fields: clerk.invitations.create(request={"email_address": address(), **fields})


@pytest.fixture
def several(create):
    """Three invitations, oldest first, and a word that finds only them."""

    def several(word):
        return [create(email_address=f"{letter}.{word}@example.com") for letter in "bca"]

    return several


# --- Create -----------------------------------------------------------------------------------------


def test_a_minimal_create_sends_its_two_defaults(clerk, create):
    create(email_address="minimal@example.com")
    [sent] = clerk.sent
    assert (sent.method, sent.target) == ("POST", "/v1/invitations")
    assert sent.body == {
        "email_address": "minimal@example.com",
        "notify": True,
        "ignore_existing": False,
    }


def test_a_minimal_create_answers_with_a_pending_invitation(create):
    invitation = create()
    assert invitation.status is InvitationStatus.PENDING
    assert invitation.id.startswith("inv_")
    assert invitation.object.value == "invitation"
    assert invitation.revoked is None


def test_a_create_answers_with_a_link(server, create):
    assert "/v1/tickets/accept?ticket=olt_" in create().url


def test_an_address_comes_back_normalised(clerk):
    invitation = clerk.invitations.create(request={"email_address": "  Grace.Normal@Example.COM "})
    assert invitation.email_address == "grace.normal@example.com"


def test_times_are_whole_milliseconds(create):
    invitation = create()
    assert type(invitation.created_at) is type(invitation.updated_at) is int
    assert invitation.expires_at - invitation.created_at == 30 * DAY


def test_no_metadata_is_an_empty_object(create):
    assert create().public_metadata == {}


def test_a_full_create_sends_every_key(clerk, create):
    create(
        email_address="full@example.com",
        public_metadata={"role": "editor"},
        redirect_url="https://app.example.com/welcome",
        notify=False,
        ignore_existing=True,
        expires_in_days=7,
        template_slug="waitlist_invitation",
    )
    [sent] = clerk.sent
    assert sent.body == {
        "email_address": "full@example.com",
        "public_metadata": {"role": "editor"},
        "redirect_url": "https://app.example.com/welcome",
        "notify": False,
        "ignore_existing": True,
        "expires_in_days": 7,
        "template_slug": "waitlist_invitation",
    }


def test_expires_in_days_counts_in_days_of_24_hours(create):
    invitation = create(expires_in_days=365)
    assert invitation.expires_at - invitation.created_at == 365 * DAY


def test_null_in_optional_fields_means_not_given(clerk, create):
    invitation = create(notify=None, ignore_existing=None, expires_in_days=None)
    assert clerk.sent[0].body["expires_in_days"] is None
    assert invitation.expires_at - invitation.created_at == 30 * DAY


def test_metadata_comes_back_untouched(create):
    metadata = {"camelCase": {"snake_case": [1, 2.5, None, True]}, "ÄÖ 🎈": "", "null": None}
    assert create(public_metadata=metadata).public_metadata == metadata


def test_a_second_create_with_ignore_existing_makes_a_second_invitation(create):
    first = create()
    second = create(email_address=first.email_address, ignore_existing=True)
    assert second.id != first.id


# --- List -------------------------------------------------------------------------------------------


def test_a_list_without_options_sends_its_defaults(clerk):
    clerk.invitations.list()
    assert clerk.sent[0].target == "/v1/invitations?order_by=-created_at&limit=10&offset=0"


def test_a_list_begins_with_the_newest(clerk, create):
    ids = [create().id for _ in range(3)]
    assert [each.id for each in clerk.invitations.list(limit=3)] == ids[::-1]


def test_a_list_has_no_links(clerk, create):
    create()
    assert clerk.invitations.list(limit=1)[0].url is None


def test_all_options_are_understood(clerk, several):
    several("options")
    found = clerk.invitations.list(
        status=ListInvitationsQueryParamStatus.PENDING,
        query=".options@",
        order_by="+created_at",
        limit=2,
        offset=1,
    )
    assert clerk.sent[-1].target == (
        "/v1/invitations?status=pending&query=.options%40&order_by=%2Bcreated_at&limit=2&offset=1"
    )
    assert [each.email_address[0] for each in found] == ["c", "a"]


@pytest.mark.parametrize(
    ("order", "letters"),
    [
        ("created_at", "bca"),
        ("+created_at", "bca"),
        ("-created_at", "acb"),
        ("email_address", "abc"),
        ("-email_address", "cba"),
        ("+expires_at", "bca"),
    ],
)
def test_a_list_is_ordered_as_asked(clerk, several, order, letters, request):
    word = f"python{request.node.callspec.indices['order']}"
    several(word)
    found = clerk.invitations.list(query=f".{word}@", order_by=order)
    assert "".join(each.email_address[0] for each in found) == letters


@pytest.mark.parametrize("state", ["pending", "accepted", "revoked", "expired"])
def test_a_list_of_one_status_has_that_status_only(clerk, state):
    traits = {} if state == "pending" else {state: True}
    invitation = InvitationFactory(email_address=f"{state}.status@example.com", **traits)
    found = clerk.invitations.list(status=ListInvitationsQueryParamStatus(state), query=".status@")
    assert [(each.id, each.status.value) for each in found] == [(invitation.id, state)]


def test_revoked_invitations_are_listed_only_when_asked_for(clerk, several):
    first, *_others = several("hidden")
    clerk.invitations.revoke(invitation_id=first.id)
    assert len(clerk.invitations.list(query=".hidden@")) == 2


def test_an_offset_past_the_end_is_an_empty_list(clerk):
    assert clerk.invitations.list(offset=100_000) == []


def test_paginated_false_is_the_bare_array(clerk, create):
    invitation = create()
    found = clerk.invitations.list(paginated=False, query=invitation.id)
    assert [each.id for each in found] == [invitation.id]


def test_the_page_is_a_page_for_who_asks_for_one(clerk, create):
    """The SDK can ask for a page, but can then only parse an array. This is an error of the SDK."""
    create()
    with pytest.raises(Exception, match="list_type") as raised:
        clerk.invitations.list(paginated=True, limit=1)
    page = raised.value.raw_response.json()
    assert len(page["data"]) == 1
    assert page["total_count"] > 1


# --- Revoke -----------------------------------------------------------------------------------------


def test_a_revoke_has_no_body_and_no_type(clerk, create):
    clerk.invitations.revoke(invitation_id=create().id)
    sent = clerk.sent[-1]
    assert (sent.method, sent.body, sent.headers["Content-Length"]) == ("POST", None, "0")
    assert "Content-Type" not in sent.headers


def test_a_revoke_answers_with_the_revoked_invitation(clerk, create):
    invitation = create()
    revoked = clerk.invitations.revoke(invitation_id=invitation.id)
    assert (revoked.id, revoked.status.value) == (invitation.id, "revoked")
    assert "REVOKED" in revoked.model_fields_set
    assert revoked.updated_at >= invitation.updated_at


def test_an_expired_invitation_can_be_revoked(clerk):
    expired = InvitationFactory(expired=True, email_address="late.revoke@example.com")
    assert clerk.invitations.revoke(invitation_id=expired.id).status.value == "revoked"
