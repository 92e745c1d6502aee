"""Several open invitations of one address: accepting one closes the others."""

import pytest
from django.test import Client

from accounts.addresses import normalise_email
from accounts.models import User
from config import counters
from invitations.models import Event, Invitation, Message
from tests.factories import PASSWORD, InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = normalise_email("ada@example.com")


@pytest.fixture
def two(admin):
    """Two invitations of one address with different metadata, the older one first."""
    return [
        Invitation.objects.create_pending(
            address=ADDRESS,
            by=admin.user,
            channel="api",
            ignore_existing=True,
            public_metadata={name: True, "role": name},
        )
        for name in ("reader", "editor")
    ]


def come_in_by(invitation):
    visitor = Client()
    visitor.get("/v1/tickets/accept", {"ticket": invitation.raw_ticket}, follow=True)
    visitor.post("/sign-up", {"password": PASSWORD})
    return User.objects.get(email_key=ADDRESS.email_key)


@pytest.mark.parametrize("used", [0, 1])
def test_the_metadata_of_the_link_that_was_used_win(two, used):
    user = come_in_by(two[used])
    assert user.public_metadata == two[used].public_metadata
    assert user.signup_invitation == two[used]


@pytest.mark.parametrize("used", [0, 1])
def test_the_other_one_is_closed_with_its_mail(two, used):
    used, other = two[used], two[1 - used]
    come_in_by(used)
    other.refresh_from_db()

    assert (other.status, other.closed_reason) == ("revoked", "superseded")
    event = Event.objects.filter(subject=other.pk).latest("id")
    assert (event.kind, event.detail) == ("superseded", {"accepted": used.pk})
    assert Message.objects.get(invitation=other).state == "cancelled"
    assert counters.total("invitations") == 1


def test_its_link_says_that_it_was_withdrawn_and_changes_nothing(two):
    user = come_in_by(two[0])
    page = Client().get("/v1/tickets/accept", {"ticket": two[1].raw_ticket}, follow=True)
    assert page.redirect_chain[-1][0].endswith("/sign-up?notice=invitation_revoked")
    user.refresh_from_db()
    assert user.public_metadata == two[0].public_metadata


def test_expired_accepted_and_revoked_ones_stay_as_they_are(two):
    traits = ["expired", "accepted", "revoked"]
    others = [
        InvitationFactory(**ADDRESS._asdict(), exclusive=False, **{each: True}) for each in traits
    ]
    before = list(Invitation.objects.filter(pk__in=[each.pk for each in others]).values())
    come_in_by(two[0])
    assert list(Invitation.objects.filter(pk__in=[each.pk for each in others]).values()) == before


def test_other_addresses_are_not_touched(two):
    other = InvitationFactory(email_address="ada+2@example.com")
    come_in_by(two[0])
    assert Invitation.objects.get(pk=other.pk).status == "pending"


def test_who_has_an_account_gets_the_used_ones_metadata_merged(two):
    user = UserFactory(email_address="ada@example.com", public_metadata={"kept": 1, "role": "x"})
    visitor = Client()
    visitor.force_login(user)
    visitor.get("/v1/tickets/accept", {"ticket": two[1].raw_ticket}, follow=True)
    visitor.post("/accept-invitation")
    user.refresh_from_db()
    assert user.public_metadata == {"kept": 1, "role": "editor", "editor": True}
    assert Invitation.objects.get(pk=two[0].pk).closed_reason == "superseded"
