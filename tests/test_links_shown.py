"""A link is only in the response that creates it, and nowhere else. The same holds for keys."""

import re
import threading

import pytest
from django.db import connection

from accounts.models import SecretKey
from config import urls
from invitations.models import Invitation, Ticket
from tests.api.conftest import Program
from tests.factories import SecretKeyFactory
from tests.test_doors import routes
from tests.test_secrets import dump, spellings

# Pages without invitations, most of them allauth's; and the mailbox, which has to show links.
ELSEWHERE = {name for name in urls.PUBLIC | urls.SIGNED_IN if "_" in name} | {
    name for name, path in routes() if "mailbox" in path
}
TICKET = re.compile("olt_[A-Za-z0-9_-]{43}")


@pytest.fixture
def api(db):
    return Program(SecretKeyFactory(name="Back office"))


@pytest.fixture
def minted(api):
    """Tickets of every kind for one invitation, and the ticket of one that a bulk call created."""
    path = "/v1/invitations"
    made = api.create("ada@example.com").json()
    rows = api.post(f"{path}/bulk", [{"email_address": "bob@example.com"}]).json()
    resent = api.post(f"{path}/{made['id']}/resend").json()
    shared = api.post(f"{path}/{made['id']}/link").json()
    kept = Program(api.key, headers={"Idempotency-Key": "once"}).create("eve@example.com").json()
    links = [made["url"], rows[0]["url"], resent["url"], shared["url"], kept["url"]]
    mailed = Ticket.objects.mint(Invitation.objects.get(pk=made["id"]), channel="mail")
    return made["id"], [TICKET.search(link)[0] for link in links] + [mailed]


def shows(text, tickets):
    """Return which forms of a ticket are in a response: its text, and what is stored of it."""
    hashes = Ticket.objects.values_list("hash", flat=True)
    return TICKET.findall(text) + [each for each in [*tickets, *hashes] if each in text]


def test_each_answer_that_mints_shows_its_own_ticket_alone(api, minted):
    invitation_id, tickets = minted
    assert len(set(tickets)) == len(tickets)
    answer = api.post(f"/v1/invitations/{invitation_id}/link")
    assert len(TICKET.findall(answer.text)) == 1
    assert not shows(answer.text.replace(TICKET.search(answer.text)[0], ""), tickets)


def test_no_other_answer_of_the_api_shows_one(api, minted):
    invitation_id, tickets = minted
    one = f"/v1/invitations/{invitation_id}"
    reads = ["/v1/invitations", "/v1/invitations?paginated=true&status=revoked", one, "/v1/users"]
    reads += ["/v1/instance", "/v1/instance/restrictions", "/v1/jwks"]
    answers = [api.get(path) for path in reads]
    answers += [api.patch(one, {"expires_in_days": 3}), api.create("ada@example.com")]
    answers += [api.post(f"{one}/revoke"), api.post(f"{one}/revoke"), api.post(f"{one}/resend")]
    answers += [api.get("/v1/invitations?status=revoked"), api.delete(one), api.get(one)]
    assert {answer.status_code for answer in answers} <= {200, 400, 404}
    for answer in answers:
        shown = answer.text + str(dict(answer.headers))
        assert shows(shown, tickets) == [], answer.request["PATH_INFO"]


@pytest.mark.parametrize("role", ["stranger", "member", "operator", "admin"])
def test_no_page_shows_one(role, request, minted, api):
    browser = request.getfixturevalue(role)
    invitation_id, tickets = minted
    places = {"invitations/inv_x": f"invitations/{invitation_id}"}
    places |= {"keys/inv_x": f"keys/{api.key.pk}", "back-room/": "back-room/"}
    if browser.user:
        places["users/inv_x"] = f"users/{browser.user.pk}"
    for name, path in routes():
        if name in ELSEWHERE or path.startswith("/v1") or "^" in path or "(" in path:
            continue
        if path.startswith("/back-room") and role != "admin":
            continue
        for placeholder, real in places.items():
            path = path.replace(placeholder, real)
        answer = browser.get(path)
        assert shows(answer.text + str(dict(answer.headers)), tickets) == [], path


def test_no_table_holds_a_ticket_or_a_key_after_every_kind_was_made(api, minted):
    """Including the responses that are kept for Idempotency-Keys."""
    _id, tickets = minted
    text = dump()
    for secret in [*tickets, api.key.raw]:
        assert [form for form in spellings(secret) if form in text] == []


@pytest.mark.django_db(transaction=True)
def test_keys_change_under_load_without_a_gap():
    """The new key works from its first request. The old one stops with its revoke, not one request later."""
    old, new = SecretKeyFactory(), SecretKeyFactory()
    stop, refused = threading.Event(), []

    def ask_with_the_new():
        program = Program(new)
        while not stop.is_set():
            status = program.get("/v1/invitations").status_code
            refused.extend([status] if status == 401 else [])
        connection.close()

    threads = [threading.Thread(target=ask_with_the_new) for _ in range(2)]
    for thread in threads:
        thread.start()
    before = [Program(old).get("/v1/invitations").status_code for _ in range(3)]
    SecretKey.objects.get(pk=old.pk).revoke(by=None)
    after = [Program(old).get("/v1/invitations").status_code for _ in range(3)]
    stop.set()
    for thread in threads:
        thread.join()
    assert (before, after, refused) == ([200] * 3, [401] * 3, [])
