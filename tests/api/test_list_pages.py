"""GET /v1/invitations by page: counts, and pages that start after a given invitation."""

import pytest

from config import counters
from invitations.api import invitations
from invitations.models import Invitation
from tests.factories import InvitationFactory

PATH = "/v1/invitations"


def total(api, query=""):
    return api.get(f"{PATH}?paginated=true&limit=1{query}").json()["total_count"]


def test_the_total_follows_every_verb(api):
    first = api.create("a@b.example").json()["id"]
    second = api.create("c@d.example").json()["id"]
    api.post(f"{PATH}/bulk", [{"email_address": "e@f.example"}, {"email_address": "g@h.example"}])
    assert total(api) == 4
    api.post(f"{PATH}/{first}/revoke")
    assert total(api) == 3
    api.delete(f"{PATH}/{first}")  # it was revoked, so it did not count
    assert total(api) == 3
    api.delete(f"{PATH}/{second}")
    assert total(api) == 2 == len(api.listed())


def test_the_total_without_filters_counts_no_rows(api):
    InvitationFactory()
    InvitationFactory(revoked=True)
    counters.add("invitations", 41)
    assert total(api) == 42
    assert total(api, "&status=expired&status=pending&status=accepted") == 42
    assert total(api, "&status=pending") == 1
    assert total(api, "&query=example.com") == 1


def test_filtered_counts_stop_somewhere(api, monkeypatch):
    monkeypatch.setattr(invitations, "MAX_COUNT", 3)
    for _ in range(4):
        InvitationFactory()
    assert total(api, "&status=pending") == 3
    assert total(api) == 4


@pytest.mark.parametrize("order", ["", "&order_by=-created_at", "&order_by=created_at"])
def test_pages_may_go_on_behind_an_invitation(api, order):
    moment = InvitationFactory().created_at
    for _ in range(6):
        InvitationFactory(created_at=moment)  # equal times are sorted by id
    for _ in range(3):
        InvitationFactory()
    walked, last = [], ""
    while rows := api.get(f"{PATH}?limit=3{order}{last}").json():
        walked += [row["id"] for row in rows]
        last = f"&starting_after={walked[-1]}"
    assert walked == [row["id"] for row in api.get(f"{PATH}?limit=100{order}").json()]
    assert len(walked) == 10


def test_it_keeps_to_the_filters_and_the_total_counts_all(api):
    ids = [InvitationFactory(email_address=f"a{n}@example.com").pk for n in range(3)]
    InvitationFactory(email_address="b@example.com")
    page = api.get(f"{PATH}?paginated=true&query=a&starting_after={ids[1]}").json()
    assert [row["id"] for row in page["data"]] == [ids[0]]
    assert page["total_count"] == 4  # "a" is in every domain


def test_nothing_that_comes_or_goes_meanwhile_moves_the_next_page(api):
    for _ in range(4):
        InvitationFactory()
    first = api.get(f"{PATH}?limit=2").json()
    InvitationFactory()
    Invitation.objects.get(pk=first[0]["id"]).delete()
    last = Invitation.objects.get(pk=first[1]["id"])
    Invitation.objects.filter(pk=last.pk).update(revoked_at=last.created_at)
    rest = api.listed(f"?starting_after={last.pk}")
    assert len(rest) == 2


@pytest.mark.parametrize(
    "query",
    [
        "starting_after=inv_000000000000000000000000000",
        "starting_after=1",
        "starting_after=%00",
        "starting_after={id}&offset=1",
        "starting_after={id}&order_by=email_address",
        "starting_after={id}&order_by=-expires_at",
    ],
)
def test_elsewhere_it_is_refused(api, faults, query):
    answer = api.get(f"{PATH}?{query.format(id=InvitationFactory().pk)}")
    assert faults(answer) == (422, [("form_param_value_invalid", "starting_after")])


def test_an_empty_value_and_a_first_offset_are_none(api):
    invitation = InvitationFactory()
    assert len(api.listed("?starting_after=")) == 1
    assert api.listed(f"?starting_after={invitation.pk}&offset=0") == []


def test_twice_is_one_too_many(api, faults):
    answer = api.get(f"{PATH}?starting_after=a&starting_after=b")
    assert faults(answer) == (422, [("form_param_duplicate", "starting_after")])
