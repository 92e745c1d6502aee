from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.forms.keys import MAX_DAYS, KeyForm
from accounts.models import Scope, SecretKey


class Command(BaseCommand):
    help = "Make a secret key for the Backend API and print it, once and alone, on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", metavar="NAME", help="what the key is for, as the API keys page shows it"
        )

        parser.add_argument("--scope", choices=Scope.values, default=Scope.ALL.value)
        parser.add_argument("--days", type=int, help="how long it lives; for ever without this")

    def handle(self, *args: Any, name: str, scope: str, days: int | None, **options: Any) -> str:
        form = KeyForm({"name": name, "scope": scope})
        if not form.is_valid():
            raise CommandError(" ".join(map(str, form.errors["name"])))
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise CommandError(f"Give a number of days from 1 to {MAX_DAYS}.")
        _key, raw = SecretKey.objects.issue(**form.cleaned_data, expires_in_days=days)
        return raw
