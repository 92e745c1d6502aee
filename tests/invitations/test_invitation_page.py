import pytest

from accounts.models import Application
from config import audit
from tests.factories import EventFactory, InvitationFactory, MessageFactory, UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def page(operator, invitation):
    return text(operator.get(f"/invitations/{invitation.id}"))


def test_the_page_tells_the_whole_story(operator):
    invitation = MessageFactory(
        sent=True, invitation__public_metadata={"role": "editor"}
    ).invitation
    for kind in ("created", "mail_sent", "scanned", "opened"):
        audit.record(kind, subject=invitation.id, by=operator.user if kind == "created" else None)
    shown = page(operator, invitation)
    words = [
        "Link opened",
        "A program looked at the link",
        "Taken by the mail server",
        "Invited by olga@example.com",
    ]
    assert sorted(words, key=shown.index) == words  # newest first
    for fact in (
        "&quot;role&quot;: &quot;editor&quot;",
        invitation.id,
        "http://localhost:8000/sign-up",
    ):
        assert fact in shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("accepted", "Accepted"),
        ("revoked", "The link stopped working."),
        ("superseded", "They came in by another invitation."),
        ("updated", "Links already sent follow."),
        ("resent", "Sent again"),
        ("link_created", "It works with a code mailed to the address."),
        ("something_new", "Something new"),
    ],
)
def test_every_event_has_words(operator, kind, words):
    invitation = InvitationFactory()
    EventFactory(subject=invitation.id, kind=kind)
    assert words in page(operator, invitation)


def test_a_failed_mail_has_a_reason(operator):
    invitation = MessageFactory(failed=True).invitation
    EventFactory(subject=invitation.id, kind="mail_failed", detail={"reason": "recipient_refused"})
    assert page(operator, invitation).count("no such mailbox") == 2


def test_a_link_leads_to_its_redirect_url(operator):
    assert "https://app.example.com/join" in page(
        operator, InvitationFactory(redirect_url="https://app.example.com/join")
    )


def test_a_redirect_that_is_not_allowed_any_more_is_named(operator):
    invitation = InvitationFactory(redirect_url="https://app.example.com/join")
    Application.objects.current()
    Application.objects.update(redirect_origins=["https://other.example.com"])
    shown = page(operator, invitation)
    assert "Its origin is not allowed any more" in shown
    assert "Sign-up page" in shown


@pytest.mark.parametrize(
    ("trait", "words", "place"),
    [
        ("expired", "Sign-up page, as the invitation has expired", "/sign-up?notice="),
        ("revoked", "Sign-up page, as the invitation is revoked", "/sign-up?notice="),
        ("accepted", "Sign-in page, as the invitation is accepted", "/sign-in?notice="),
    ],
)
def test_a_closed_invitation_says_where_it_leads_and_why(operator, trait, words, place):
    shown = page(operator, InvitationFactory(redirect_url="https://a.example/x", **{trait: True}))
    assert words in shown
    assert f"http://localhost:8000{place}invitation_{trait}" in shown
    assert "not allowed any more" not in shown


def test_a_page_that_may_not_use_the_frontend_api_is_told(operator, admin):
    invitation = InvitationFactory(redirect_url="https://app.example.com/join")
    assert "cannot use the Frontend API" in page(operator, invitation)
    assert "/settings#id_allowed_origins" not in page(operator, invitation)
    assert "/settings#id_allowed_origins" in page(admin, invitation)
    Application.objects.update(allowed_origins=["https://app.example.com"])
    assert "cannot use the Frontend API" not in page(operator, invitation)


def test_the_applications_own_sign_up_page_is_told_too(operator):
    invitation = InvitationFactory()
    assert "cannot use the Frontend API" not in page(operator, invitation)  # our own page
    Application.objects.update(sign_up_url="https://own.example.com/join")
    assert "cannot use the Frontend API" in page(operator, invitation)


def test_an_address_with_an_account_is_led_to_sign_in(operator):
    invitation = InvitationFactory()
    UserFactory(email_address=invitation.email_address)
    assert "Sign-in page, as they have an account" in page(operator, invitation)


def test_an_accepted_invitation_leads_to_its_user(operator):
    user = UserFactory()
    assert f"/users/{user.id}" in page(
        operator, InvitationFactory(accepted=True, accepted_user=user)
    )


def test_only_what_can_be_done_is_offered(operator):
    offers = {
        trait: [
            word
            for word in ("/revoke", "Invite again")
            if word in page(operator, InvitationFactory(**{trait: True}))
        ]
        for trait in ("notify", "expired", "accepted", "revoked")
    }
    assert offers == {
        "notify": ["/revoke"],
        "expired": ["/revoke", "Invite again"],
        "accepted": [],
        "revoked": ["Invite again"],
    }


def test_hostile_metadata_stays_text(operator):
    invitation = InvitationFactory(public_metadata={"</pre><script>alert(1)</script>": "{{ 7*7 }}"})
    shown = page(operator, invitation)
    assert "<script>alert" not in shown
    assert "{{ 7*7 }}" in shown


def test_no_ticket_is_ever_shown(operator):
    operator.post("/invitations/new", {"email_address": "ada@example.com"})
    for path in ("/invitations", operator.get("/invitations").context["page"].rows[0].id):
        assert "olt_" not in text(
            operator.get(path if path.startswith("/") else f"/invitations/{path}")
        )
