from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from accounts.models import SigningKey


class Command(BaseCommand):
    help = "Sign session tokens with a new key; the old one is listed until its last token is dead."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            key = SigningKey.objects.rotate()
        except SigningKey.DoesNotExist as error:
            raise CommandError("There is no key yet: run manage.py prepare.") from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Tokens are signed with {key.kid} now.")
