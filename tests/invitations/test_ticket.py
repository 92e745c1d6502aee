import random
import re
from collections import Counter

import pytest
from django.test import Client

from accounts.addresses import normalise_email
from invitations.delivery import outcomes
from invitations.delivery.claims import claim, next_due
from invitations.models import Invitation, Message, Ticket
from tests.factories import PASSWORD, InvitationFactory

BROWSER = {"Accept": "text/html"}


@pytest.mark.django_db
def test_all_tickets_of_an_invitation_open_the_same_form_and_die_together(admin):
    invitation = InvitationFactory(email_address="ada@example.com")
    tickets = [Ticket.objects.mint(invitation, channel="mail") for _ in range(3)] + [
        Ticket.objects.mint(invitation, channel="api"),
        Ticket.objects.mint(invitation, channel="shared"),
    ]
    assert Ticket.objects.values("hash").distinct().count() == 5
    for ticket in tickets:
        assert "ada@example.com" in open_link(ticket).text
    invitation.revoke(by=admin.user)
    for ticket in tickets:
        assert "withdrawn" in open_link(ticket).text


@pytest.mark.django_db
@pytest.mark.parametrize("used", range(4))
def test_three_mails_an_answer_and_a_copy_all_work_until_one_is_used(admin, used):
    address = normalise_email("ada@example.com")
    invitation = Invitation.objects.create_pending(address=address, by=admin.user, channel="api")
    tickets = [*three_attempts(), invitation.raw_ticket, invitation.mint_link(by=admin.user)]
    assert Ticket.objects.values("hash").distinct().count() == 5
    for ticket in tickets:
        assert "ada@example.com" in open_link(ticket).text

    visitor = Client()
    visitor.get("/v1/tickets/accept", {"ticket": tickets[used]}, follow=True)
    visitor.post("/sign-up", {"password": PASSWORD})
    assert Invitation.objects.get().status == "accepted"
    for ticket in tickets:
        page = open_link(ticket)
        assert "used already" in page.text
        assert "ada@example.com" not in page.text


def three_attempts():
    """Yield the ticket of each attempt. All attempts fail; whether their mails arrived does not matter."""
    for _ in range(3):
        claimed = claim(next_due())
        outcomes.put_off(claimed, reason="timeout")
        Message.objects.update(next_attempt_at="2020-01-01T00:00Z")
        yield claimed.raw_ticket


def open_link(ticket):
    return Client().get("/v1/tickets/accept", {"ticket": ticket}, headers=BROWSER, follow=True)


def mint_without_a_database(monkeypatch, count):
    monkeypatch.setattr(Ticket.objects, "create", lambda **_: None)
    return [Ticket.objects.mint(None, channel="mail") for _ in range(count)]


def test_tickets_are_random_whatever_the_seed(monkeypatch):
    random.seed(0)
    tickets = mint_without_a_database(monkeypatch, 100_000)
    assert len(set(tickets)) == 100_000
    assert all(re.fullmatch(r"olt_[A-Za-z0-9_-]{43}", ticket) for ticket in tickets)


def test_every_letter_of_a_ticket_is_as_likely_as_any_other(monkeypatch):
    """Counts 64 letters at 42 places of 20,000 tickets; the last place carries only four bits and is left out. A
    chi-square with 63 degrees of freedom is above 140 at one place in a million.
    """
    tickets = mint_without_a_database(monkeypatch, 20_000)
    expected = len(tickets) / 64
    for place in range(4, 46):
        seen = Counter(ticket[place] for ticket in tickets)
        assert sum((count - expected) ** 2 for count in seen.values()) / expected < 140


def test_bits_of_tickets_run_as_coins_do(monkeypatch):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    tickets = mint_without_a_database(monkeypatch, 5_000)
    bits = "".join(f"{letters.index(letter):06b}" for ticket in tickets for letter in ticket[4:46])
    ones = bits.count("1") / len(bits)
    runs = (bits.count("01") + bits.count("10")) / len(bits)
    assert abs(ones - 0.5) < 0.003
    assert abs(runs - 0.5) < 0.003


@pytest.mark.django_db
def test_only_the_hash_is_stored():
    ticket = Ticket.objects.mint(InvitationFactory(), channel="mail")
    assert ticket not in str(Ticket.objects.values().get())
    assert Ticket.objects.find(ticket) == Ticket.objects.get()
