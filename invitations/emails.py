"""Builds the mail of an invitation: fills the context of its template."""

from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives

from config.mail import compose, display_name
from invitations.models import Invitation, ticket_link

if TYPE_CHECKING:
    from accounts.models import Application


def invitation_message(
    invitation: Invitation, *, raw_ticket: str, application: "Application"
) -> EmailMultiAlternatives:
    """Return the mail of an invitation with the link for `raw_ticket`. It never contains metadata."""
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
    """Return the name of the inviting operator; empty for a secret key, because only operators may see its name."""
    return display_name(invitation.inviter_name) if invitation.inviter_type == "operator" else ""
