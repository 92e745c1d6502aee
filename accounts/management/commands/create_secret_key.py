from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.forms.keys import KeyForm
from accounts.models import SecretKey


class Command(BaseCommand):
    help = "Make a secret key for the Backend API and print it, once and alone, on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", metavar="NAME", help="what the key is for, as the API keys page shows it"
        )

    def handle(self, *args: Any, name: str, **options: Any) -> str:
        form = KeyForm({"name": name})
        if not form.is_valid():
            raise CommandError(" ".join(map(str, form.errors["name"])))
        _key, raw = SecretKey.objects.issue(**form.cleaned_data)
        return raw
