from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.back_room import ReadOnlyAdmin
from invitations.models import Event, Invitation, InvitationClosed, MailChannel, Message, Ticket
from invitations.models.queries import InvitationQuerySet


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email_address", "status", "inviter_name", "created_at", "expires_at"]
    search_fields = ["email_key__startswith"]
    ordering = ["-pk"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, invitations: InvitationQuerySet) -> None:
        """Revoke each selected invitation. Those already closed stay unchanged; a message names each of them."""
        revoked = 0
        for invitation in invitations:
            try:
                invitation.revoke(by=request.user)
            except InvitationClosed as closed:
                values = {"address": invitation.email_address, "reason": closed.reason}
                text = _("The invitation of %(address)s stays as it is: %(reason)s") % values
                self.message_user(request, text, messages.WARNING)
            else:
                revoked += 1
        text = ngettext("%(count)d invitation revoked", "%(count)d invitations revoked", revoked)
        self.message_user(request, text % {"count": revoked}, messages.SUCCESS)


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["invitation", "channel", "created_at"]
    ordering = ["-pk"]
    list_select_related = ["invitation"]
    exclude = ["hash"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "subject", "actor_name"]
    search_fields = ["subject__exact"]
    ordering = ["-pk"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["kind", "recipient", "state", "attempts", "next_attempt_at", "sent_at"]
    list_filter = ["state"]
    ordering = ["-pk"]
    exclude = ["sealed_body"]


@admin.register(MailChannel)
class MailChannelAdmin(ReadOnlyAdmin):
    list_display = ["seen_at", "paused_until", "pause_reason"]
