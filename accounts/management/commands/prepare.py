from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import second_factors
from accounts.models import Application
from config.mail import link


class Command(BaseCommand):
    """Once the database is migrated: what else it needs, and where to go. Run as often as one likes."""

    help = "Make the settings row and the signing key; say where Ollio is to be found."

    def handle(self, *args: Any, **options: Any) -> None:
        Application.objects.prepare()
        if settings.SECRET_KEY_FALLBACKS:
            second_factors.reseal()
        lines = self._where_to_go() if Application.objects.is_set_up() else self._how_to_set_up()
        self.stdout.write("\n".join(["", *lines, ""]))

    def _how_to_set_up(self) -> list[str]:
        query = urlencode({"code": Application.objects.new_set_up_code()})
        return [
            _(
                "Make yourself the first admin. This address works once, and until `manage.py prepare` makes another:"
            ),
            "",
            f"  {link(reverse('set_up'))}?{query}",
        ]

    def _where_to_go(self) -> list[str]:
        lines = [_("Ollio:    %(url)s") % {"url": link(reverse("home"))}]
        if settings.MAILBOX_ENABLED:
            lines.append(_("Mailbox:  %(url)s") % {"url": link(reverse("mailbox"))})
        return lines
