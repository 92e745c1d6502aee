from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from config import checks


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # `note_sign_in` does it, on the database's clock.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        register(checks.proxies_are_counted, "security", deploy=True)
        register(checks.limits_are_the_documented_ones, "security", deploy=True)
        register(checks.known_codes_prove_nobody, "security", deploy=True)
        register(checks.signing_key_can_be_used, "security", deploy=True)
