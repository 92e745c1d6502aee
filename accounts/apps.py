from typing import Any

from allauth.account.signals import password_changed, password_set
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # `note_sign_in` does it, on the database's clock.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        # allauth's own receivers put the session on its list, and it has no hook just before. Ours come first, because
        # `accounts` stands before allauth in INSTALLED_APPS.
        password_changed.connect(_save_session)
        password_set.connect(_save_session)


def _save_session(request: HttpRequest, **_signal: Any) -> None:
    """Whatever ends the sessions on the list must find this one, which has a new name."""
    request.session.save()
