from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from config import checks


class InvitationsConfig(AppConfig):
    name = "invitations"
    label = "invitations"
    verbose_name = _("Invitations")

    def ready(self) -> None:
        register(checks.mail_can_leave, "mail", deploy=True)
        register(checks.mail_password_is_encrypted, "mail", deploy=True)
        register(checks.mail_provider_exists, "mail")
