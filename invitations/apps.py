from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from config.checks import mail_can_leave


class InvitationsConfig(AppConfig):
    name = "invitations"
    label = "invitations"
    verbose_name = _("Invitations")

    def ready(self) -> None:
        register(mail_can_leave, "mail", deploy=True)
