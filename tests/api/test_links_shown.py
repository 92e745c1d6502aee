"""Only the response that creates a link shows it."""

import re

from invitations.delivery.claims import claim, next_due
from invitations.models import Event, Ticket

PATH = "/v1/invitations"
TICKET = re.compile("olt_[A-Za-z0-9_-]{43}")


def test_four_answers_show_the_link_they_mint(api):
    made = api.create().json()
    path = f"{PATH}/{made['id']}"
    many = api.post(f"{PATH}/bulk", [{"email_address": "mia@example.com"}]).json()
    minting = [made, *many, api.post(f"{path}/resend").json(), api.post(f"{path}/link").json()]

    tickets = [TICKET.search(answer["url"])[0] for answer in minting]
    assert len(set(tickets)) == 4
    assert [Ticket.objects.find(each).channel for each in tickets] == ["api"] * 3 + ["shared"]
    assert [answer["url_channel"] for answer in minting] == ["api"] * 3 + ["shared"]
    assert all(len(TICKET.findall(str(answer))) == 1 for answer in minting)


def test_no_other_answer_shows_one(api):
    made = api.create().json()
    path = f"{PATH}/{made['id']}"
    claim(next_due())  # a ticket goes out by mail, too
    api.post(f"{path}/link")
    for answer in (
        api.get(PATH),
        api.get(f"{PATH}?paginated=true&query={made['id']}"),
        api.get(path),
        api.patch(path, {"public_metadata": {"a": 1}}),
        api.create(),
        api.post(f"{PATH}/bulk?dry_run=true", [{"email_address": "mia@example.com"}]),
        api.post(f"{PATH}/bulk", [{"email_address": "ada@example.com"}]),
        api.post(f"{path}/revoke"),
        api.post(f"{path}/resend"),
        api.post(f"{path}/link"),
        api.get(f"{PATH}?status=revoked"),
        api.delete(path),
    ):
        assert "olt_" not in answer.text
        assert '"url' not in answer.text
    assert "olt_" not in str(list(Event.objects.values()))


def test_a_link_given_as_metadata_is_no_link_of_ours(api):
    """Metadata belongs to the caller and is returned unchanged."""
    metadata = {"url": "https://app.example.com/"}
    made = api.create(public_metadata=metadata).json()
    assert api.get(f"{PATH}/{made['id']}").json()["public_metadata"] == metadata
