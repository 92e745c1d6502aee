import json

import pytest

from accounts.models import User
from invitations.models import Event, Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory, MessageFactory, UserFactory


def text(response):
    return " ".join(response.content.decode().split())


def test_an_operator_revokes_an_invitation(operator):
    message = MessageFactory()
    path = f"/invitations/{message.invitation_id}/revoke"
    assert "Revoke the invitation?" in text(operator.get(path))
    answer = operator.post(path, follow=True)
    assert "is revoked" in text(answer)
    message.refresh_from_db()
    assert (message.invitation.status, message.state) == ("revoked", "cancelled")
    event = Event.objects.get(subject=message.invitation_id)
    assert (event.kind, event.actor_id) == ("revoked", operator.user.id)


def test_asking_changes_nothing(operator):
    invitation = InvitationFactory()
    operator.get(f"/invitations/{invitation.id}/revoke")
    operator.htmx("get", f"/invitations/{invitation.id}/revoke")
    assert Invitation.objects.get().status == "pending"


def test_htmx_gets_the_row_and_a_way_to_invite_again(operator):
    invitation = InvitationFactory(email_address="ada+x@example.com")
    answer = operator.htmx("post", f"/invitations/{invitation.id}/revoke")
    assert "Revoked" in text(answer)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == (f"#{invitation.id}", "outerHTML")
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert toast["action"] == "Invite again"
    assert toast["href"] == "/invitations/new?email_address=ada%2Bx%40example.com"


def test_an_expired_invitation_can_be_revoked(operator):
    invitation = InvitationFactory(expired=True)
    operator.post(f"/invitations/{invitation.id}/revoke")
    assert Invitation.objects.get().status == "revoked"


@pytest.mark.parametrize(
    ("trait", "truth"),
    [("accepted", "has accepted the invitation already"), ("revoked", "was revoked already")],
)
def test_who_is_too_late_is_told_the_truth(operator, trait, truth):
    invitation = InvitationFactory(**{trait: True})
    for answer in (
        operator.post(f"/invitations/{invitation.id}/revoke", follow=True),
        operator.htmx("post", f"/invitations/{invitation.id}/revoke"),
    ):
        assert truth in text(answer) + answer.get("HX-Trigger", "")
    assert Invitation.objects.get().status == trait
    assert not Event.objects.filter(kind="revoked").exists()


def test_who_may_not_revoke_is_refused_however_often(operator):
    operator.user.user_permissions.clear()
    invitation = InvitationFactory()
    for _ in range(3):
        assert operator.post(f"/invitations/{invitation.id}/revoke").status_code == 403
    assert Invitation.objects.get().status == "pending"


def test_an_unknown_invitation_is_no_page(operator):
    for path in (
        "/invitations/inv_000000000000000000000000000",
        "/invitations/%00",
        "/invitations/inv_1/revoke",
    ):
        assert operator.get(path).status_code == 404


def test_revoking_twice_is_one_line_of_the_timeline(operator):
    path = f"/invitations/{InvitationFactory().id}/revoke"
    for _ in range(3):
        operator.post(path)
    assert Event.objects.filter(kind="revoked").count() == 1


def test_nobody_counts_up_to_the_next_invitation(operator):
    first, second = InvitationFactory().id, InvitationFactory().id
    assert first[-16:] != second[-16:]
    for neighbour in (f"{first[:-1]}{digit}" for digit in "01Zz" if digit != first[-1]):
        assert operator.post(f"/invitations/{neighbour}/revoke").status_code == 404
    assert Invitation.objects.pending().count() == 2


@pytest.fixture
def revoked(operator):
    """The ticket of an invitation that was revoked after its link was sent."""
    invitation = InvitationFactory(email_address="ada@example.com")
    ticket = Ticket.objects.mint(invitation, channel="mail")
    operator.post(f"/invitations/{invitation.id}/revoke")
    return ticket


@pytest.mark.parametrize("page", ["/v1/tickets/accept?ticket=", "/sign-up?__clerk_ticket="])
def test_a_revoked_link_signs_nobody_up(revoked, stranger, page):
    assert "ada@example.com" not in stranger.get(f"{page}{revoked}", follow=True).text
    for said in ({}, {"handle": revoked}, {"ticket": revoked}, {"__clerk_ticket": revoked}):
        stranger.post("/sign-up", {"password": PASSWORD, **said})
        stranger.post(f"{page}{revoked}", {"password": PASSWORD, **said})
    assert not User.objects.filter(email_address="ada@example.com").exists()
    assert Invitation.objects.get().status == "revoked"


def test_a_revoked_link_resets_no_password(revoked, stranger):
    UserFactory(email_address="ada@example.com")
    stranger.post("/password/reset", {"email": "ada@example.com"})
    answer = stranger.post("/password/reset/code", {"code": revoked})
    assert answer.context["form"].errors["code"]
    for path in (
        "/password/reset/new",
        f"/password/reset/{revoked}",
        f"/password/reset/new?key={revoked}",
    ):
        stranger.post(path, {"password1": "eight quiet otters", "key": revoked})
    assert User.objects.get(email_address="ada@example.com").check_password(PASSWORD)
    assert "_auth_user_id" not in stranger.session
