from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from accounts.models import SigningKey
from accounts.models.signing_key import SHOWN_AFTER_RETIRING


class Command(BaseCommand):
    help = "Sign session tokens with a new key; the old one is listed until its last token is dead."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            old, key = SigningKey.objects.current(), SigningKey.objects.rotate()
        except SigningKey.DoesNotExist as error:
            raise CommandError("There is no key yet: run manage.py prepare.") from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        hours = SHOWN_AFTER_RETIRING.total_seconds() // 3600
        self.stdout.write(
            f"Tokens are signed with {key.kid} now, by every running process. {old.kid} signs no more;"
            f" it stays in the key set for {hours:.0f} hours, so that its last tokens are believed."
            " Applications that were given its public key as text need the new one."
        )
