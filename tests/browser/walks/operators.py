"""The dashboard of operators."""

from playwright.sync_api import expect

from accounts.addresses import normalise_email
from invitations.models import Invitation, Message
from tests.browser.hands import Mouse
from tests.factories import EventFactory, InvitationFactory, MessageFactory


def operators(window, _site, words):
    words.name_application(home_url="https://app.example.com/")
    olga = words.user("olga", operator=True)
    window.sign_in(olga)
    hands = Mouse(window)
    hands.open("/invitations")
    yield "no invitations"
    furnish(words, by=olga)
    yield from _list(hands)
    yield from _invite(hands, words)
    yield from _invitations(hands)
    yield from _revoke(hands, words)
    yield from _users(hands, words, by=olga)


def furnish(words, *, by):
    """Create an invitation in every state, and the user who accepted one."""
    _invitation(words, 0, by=by, mail={"state": "cancelled"}, revoked=True)
    _invitation(words, 1, by=by, mail={"sent": True}, expired=True)
    accepted = _invitation(
        words, 2, by=by, mail={"sent": True}, accepted=True, public_metadata=words.metadata
    )
    _invitation(words, 3, by=by, mail={"failed": True})
    _invitation(words, 4, by=by, mail={"held": True})
    joined = words.user(
        "person2",
        grant="invitation",
        signup_invitation=accepted,
        public_metadata=accepted.public_metadata,
    )
    Invitation.objects.filter(pk=accepted.pk).update(accepted_user=joined)
    Invitation.objects.create_pending(
        address=normalise_email(words.address("person.with.a.rather.long.address+and.a.tag")),
        by=by,
        public_metadata=words.metadata,
        redirect_url=words.redirect_url,
    )


def _invitation(words, number, *, by, mail, **fields):
    invitation = InvitationFactory(
        email_address=words.address(f"person{number}"), inviter_name=by.name, **fields
    )
    MessageFactory(invitation=invitation, **mail)
    EventFactory(subject=invitation.pk, actor_name=by.name)
    EventFactory(subject=invitation.pk, kind="opened")
    return invitation


def _list(hands):
    hands.open("/invitations")
    yield "invitations"
    hands.page.get_by_role("button", name="Actions for").first.click()
    yield "invitations with a menu open"
    hands.open("/invitations?status=pending")
    yield "invitations pending"
    hands.open("/invitations?q=zzz")
    yield "invitations none found"


def _invite(hands, words):
    hands.open("/invitations")
    hands.follow("Invite user")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "invite dialog"
    hands.write("E-mail address", "nobody")
    hands.unfold("Redirect URL and metadata")
    hands.write("Redirect URL", "https://elsewhere.example/join")
    expect(hands.page.get_by_text("Whoever gets the link proves the address")).to_be_visible()
    yield "invite dialog with a stranger's redirect URL"
    hands.write("Redirect URL", "https://app.example.com/join")
    expect(hands.page.get_by_text("cannot use the Frontend API")).to_be_visible()
    yield "invite dialog with a redirect URL"
    hands.write("Redirect URL", "javascript:alert(1)")
    hands.write("Public metadata", '{"role": ')
    hands.press("Send invite")
    expect(hands.page.get_by_role("alert").first).to_be_visible()
    yield "invite dialog refused"
    hands.write("E-mail address", words.address("zoe"))
    hands.write("Redirect URL", "")
    hands.write("Public metadata", "")
    hands.press("Send invite")
    expect(hands.page.get_by_text("is on its way")).to_be_visible()
    yield "invitation on its way"
    hands.open("/invitations/new")
    yield "invite page"


def _invitations(hands):
    for status in ("pending", "accepted", "revoked", "expired"):
        hands.open(f"/invitations/{Invitation.objects.in_status(status).latest('created_at').pk}")
        yield f"invitation {status}"
    hands.open(f"/invitations/{Invitation.objects.exclude(redirect_url=None).get().pk}")
    yield "invitation with a redirect URL"
    hands.open(f"/invitations/{Message.objects.get(state='failed').invitation_id}")
    yield "invitation whose mail failed"


def _revoke(hands, words):
    zoe = Invitation.objects.get(email_address=words.address("zoe"))
    hands.open(f"/invitations/{zoe.pk}/revoke")
    yield "revoke page"
    hands.open("/invitations")
    hands.press(f"Actions for {zoe.email_address}")
    hands.follow("Revoke")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "revoke dialog"
    hands.press("Revoke")
    expect(hands.page.get_by_text("is revoked")).to_be_visible()
    yield "invitation just revoked"


def _users(hands, words, *, by):
    words.user("locked").lock(by=by)
    joined = Invitation.objects.accepted().get().accepted_user
    hands.open("/users?q=zzz")
    yield "users none found"
    hands.open(f"/users/{joined.pk}")
    yield "user"
    hands.follow("Ban")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "ban dialog"
    hands.press("Ban")
    expect(hands.page.get_by_text("is banned and signed out")).to_be_visible()
    yield "user banned"
    hands.open("/users")
    yield "users"
    hands.open(f"/users/{joined.pk}/delete")
    yield "delete page"
    yield from _metadata(hands, joined, by=by)


def _metadata(hands, person, *, by):
    hands.open(f"/users/{person.pk}")
    hands.follow("Edit metadata")
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    yield "edit metadata dialog"
    person.replace_metadata(by=by, private_metadata=person.public_metadata)
    hands.write("Unsafe metadata", '{"role": ')
    hands.press("Save")
    expect(hands.page.get_by_role("alert").first).to_be_visible()
    yield "edit metadata refused"
