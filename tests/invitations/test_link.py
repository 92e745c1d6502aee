"""Where a link leads (docs/design.md#where-a-link-leads). Opening it changes nothing."""

import pytest

from accounts.models import Application, User
from invitations.models import Event, Invitation, Message, Ticket
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
BASE = "http://localhost:8000"
BROWSER = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "User-Agent": "Mozilla/5.0"}


def minted(invitation, channel="mail"):
    return Ticket.objects.mint(invitation, channel=channel)


def visit(browser, ticket, **kwargs):
    return browser.get("/v1/tickets/accept", {"ticket": ticket}, headers=BROWSER, **kwargs)


def setup_application(**values):
    Application.objects.current()
    Application.objects.update(**values)


def restrict():
    setup_application(sign_up_mode="restricted")


def test_a_link_leads_to_the_hosted_sign_up_with_its_ticket(stranger):
    ticket = minted(InvitationFactory())
    answer = visit(stranger, ticket)
    assert answer.status_code == 303
    assert answer["Location"] == f"{BASE}/sign-up?__clerk_ticket={ticket}&__clerk_status=sign_up"


def test_the_hosted_page_ends_at_a_clean_url(stranger):
    ticket = minted(InvitationFactory(email_address="ada@example.com"))
    page = visit(stranger, ticket, follow=True)
    assert page.request["PATH_INFO"] == "/sign-up"
    assert page.request["QUERY_STRING"] == "came_by=link"
    assert "ada@example.com" in page.text
    assert ticket not in page.text
    cookie = stranger.cookies["sign-up_8000"]
    assert ticket not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("target", "location"),
    [
        (
            "https://www.example.com/accept-invitation",
            "https://www.example.com/accept-invitation?{}",
        ),
        ("https://www.example.com/a?x=1#top", "https://www.example.com/a?x=1&{}#top"),
        ("http://localhost:3000", "http://localhost:3000/?{}"),
        ("https://spa.example.com/#/join", "https://spa.example.com/?{}#/join"),
    ],
)
def test_a_target_gets_the_ticket_and_keeps_the_rest(stranger, target, location):
    ticket = minted(InvitationFactory(redirect_url=target))
    answer = visit(stranger, ticket)
    assert answer["Location"] == location.format(f"__clerk_ticket={ticket}&__clerk_status=sign_up")


def test_an_address_with_an_account_is_led_to_sign_in(stranger):
    UserFactory(email_address="ada@example.com")
    ticket = minted(InvitationFactory(email_address="ada@example.com"))
    answer = visit(stranger, ticket)
    assert answer["Location"] == f"{BASE}/sign-in?__clerk_ticket={ticket}&__clerk_status=sign_in"
    page = visit(stranger, ticket, follow=True)
    assert page.request["PATH_INFO"] == "/sign-in"
    assert ticket not in page.text


def test_a_target_that_is_no_longer_allowed_gives_way_to_the_hosted_page(stranger):
    ticket = minted(InvitationFactory(redirect_url="https://app.example.com/x"))
    setup_application(redirect_origins=["https://other.example.com"])
    assert visit(stranger, ticket)["Location"].startswith(f"{BASE}/sign-up?")


def test_the_applications_own_pages_are_used_where_they_are_set(stranger):
    setup_application(sign_up_url="https://app.example.com/join")
    ticket = minted(InvitationFactory())
    assert visit(stranger, ticket)["Location"].startswith(
        "https://app.example.com/join?__clerk_ticket="
    )


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_a_dead_link_leads_to_the_ordinary_sign_up_with_a_notice(stranger, trait):
    ticket = minted(
        InvitationFactory(
            email_address="ada@example.com", redirect_url="https://x.example/", **{trait: True}
        )
    )
    answer = visit(stranger, ticket)
    assert answer["Location"] == f"{BASE}/sign-up?notice=invitation_{trait}"
    page = visit(stranger, ticket, follow=True)
    assert page.status_code == 200
    assert "Your invitation" in page.text
    assert "ada@example.com" not in page.text
    assert "E-mail address" in page.text


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_a_dead_link_leads_to_the_refusal_while_restricted(stranger, trait):
    restrict()
    page = visit(stranger, minted(InvitationFactory(**{trait: True})), follow=True)
    assert page.status_code == 403
    assert "You need an invitation" in page.text


def test_a_used_link_leads_to_sign_in(stranger, admin):
    ticket = minted(InvitationFactory(email_address="ada@example.com", accepted=True))
    assert visit(stranger, ticket)["Location"] == f"{BASE}/sign-in?notice=invitation_accepted"
    page = visit(stranger, ticket, follow=True)
    assert "used already" in page.text
    assert "ada@example.com" not in page.text


@pytest.mark.parametrize(
    "spoil", [str.lower, lambda t: t[:-1], lambda t: f"{t}.", lambda t: "", lambda t: f"{t} x"]
)
def test_a_ticket_that_is_not_ours_is_a_friendly_dead_end(stranger, spoil):
    page = visit(stranger, spoil(minted(InvitationFactory())))
    assert page.status_code == 400
    assert "This link does not work" in page.text
    assert "Sign up without an invitation" in page.text


def test_that_dead_end_offers_no_sign_up_while_restricted(stranger):
    restrict()
    assert "Sign up without" not in visit(stranger, "olt_x").text


def test_programs_get_the_dead_end_as_json(stranger):
    answer = stranger.get("/v1/tickets/accept", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["errors"][0]["code"] == "ticket_invalid_code"


def test_a_ticket_given_twice_is_unknown(stranger):
    ticket = minted(InvitationFactory())
    assert (
        stranger.get(
            f"/v1/tickets/accept?ticket={ticket}&ticket={ticket}", headers=BROWSER
        ).status_code
        == 400
    )


def test_the_stored_hash_is_no_ticket(stranger):
    minted(InvitationFactory())
    assert visit(stranger, f"olt_{Ticket.objects.get().hash[:43]}").status_code == 400
    assert visit(stranger, Ticket.objects.get().hash).status_code == 400


def test_a_ticket_of_another_purpose_is_unknown(stranger):
    ticket = minted(InvitationFactory())
    Ticket.objects.update(purpose="key")
    assert visit(stranger, ticket).status_code == 400


def test_nothing_in_the_query_changes_the_target(stranger):
    ticket = minted(InvitationFactory())
    for name in ("redirect_url", "next", "__clerk_redirect_url", "return_to"):
        answer = stranger.get(
            "/v1/tickets/accept", {"ticket": ticket, name: "https://evil.example/"}, headers=BROWSER
        )
        assert answer["Location"].startswith(f"{BASE}/sign-up?__clerk_ticket=")
        assert "evil" not in answer["Location"]


def test_a_hundred_looks_change_nothing(stranger):
    invitation = InvitationFactory()
    ticket = minted(invitation)
    before = Invitation.objects.filter(pk=invitation.pk).values().get()
    for n in range(100):
        look = [stranger.get, stranger.head, stranger.options][n % 3]
        look("/v1/tickets/accept", {"ticket": ticket})
        look("/sign-up")
    assert Invitation.objects.filter(pk=invitation.pk).values().get() == before
    assert not Message.objects.exists()
    assert not User.objects.exists()
    assert "ollio_session_8000" not in stranger.cookies
    assert Event.objects.count() <= 2  # at most one event a minute


def test_the_timeline_tells_a_person_from_a_scanner(stranger):
    ticket, other = minted(InvitationFactory()), minted(InvitationFactory())
    visit(stranger, ticket)
    stranger.head("/v1/tickets/accept", {"ticket": other}, headers=BROWSER)
    assert sorted(Event.objects.values_list("kind", flat=True)) == ["opened", "scanned"]


def test_posting_to_a_link_is_not_allowed(stranger):
    assert (
        stranger.post(f"/v1/tickets/accept?ticket={minted(InvitationFactory())}").status_code == 405
    )


def test_answers_that_carry_a_ticket_are_neither_kept_nor_told(stranger):
    ticket = minted(InvitationFactory())
    for path in (
        f"/v1/tickets/accept?ticket={ticket}",
        f"/sign-up?__clerk_ticket={ticket}",
        f"/sign-in?__clerk_ticket={ticket}",
    ):
        answer = stranger.get(path)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.usefixtures("still_windows")
def test_thirty_unknown_tickets_a_minute_are_enough(stranger):
    for _ in range(30):
        visit(stranger, "olt_x")
    answer = visit(stranger, "olt_x")
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert (
        visit(stranger, minted(InvitationFactory())).status_code == 303
    )  # a valid ticket still works


def test_a_foreign_host_is_refused_and_a_forwarded_one_ignored(stranger):
    ticket = minted(InvitationFactory())
    assert (
        stranger.get(
            f"/v1/tickets/accept?ticket={ticket}", headers={"Host": "evil.example"}
        ).status_code
        == 400
    )
    answer = stranger.get(
        f"/v1/tickets/accept?ticket={ticket}", headers={"X-Forwarded-Host": "evil.example"}
    )
    assert answer["Location"].startswith(BASE)
