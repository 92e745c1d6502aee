import pytest

from invitations.destination import Situation, situation
from invitations.models import Invitation
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_sign_in_where_the_address_has_an_account():
    invitation = InvitationFactory()
    UserFactory(email_address=invitation.email_address)
    assert situation(invitation) == Situation.SIGN_IN


def test_an_account_that_the_invitation_made_a_moment_ago_means_accepted():
    invitation = InvitationFactory()
    Invitation.objects.get(pk=invitation.pk).accept(
        user=UserFactory(email_address=invitation.email_address)
    )
    assert situation(invitation) == Situation.ACCEPTED
