"""What the messages about invitations say: the context of their templates."""

from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives

from config.mail import compose, display_name
from invitations.models import Invitation, ticket_link

if TYPE_CHECKING:
    from accounts.models import Application


def invitation_message(
    invitation: Invitation, *, raw_ticket: str, application: "Application"
) -> EmailMultiAlternatives:
    """The invitation's mail around a fresh ticket. Metadata never gets into it."""
    return compose(
        "invitation",
        to=invitation.email_address,
        context={
            "application": application,
            "inviter": _inviter(invitation),
            "link": ticket_link(raw_ticket),
            "ends_at": invitation.expires_at,
        },
    )


def _inviter(invitation: Invitation) -> str:
    """Who invites, by name; nothing where a secret key did, whose name is for operators."""
    return display_name(invitation.inviter_name) if invitation.inviter_type == "operator" else ""
