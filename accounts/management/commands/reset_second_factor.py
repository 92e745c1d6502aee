from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts import second_factors
from accounts.addresses import InvalidAddress, normalise_email
from accounts.models import User


class Command(BaseCommand):
    help = "Take away the second factors of somebody who has lost them, and tell them by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="an e-mail address of the account")

    def handle(self, *args: Any, address: str, **options: Any) -> str:
        try:
            key = normalise_email(address).email_key
        except InvalidAddress as error:
            raise CommandError(f"{address} is no e-mail address. {error}") from error
        person = User.objects.holding(key).first()
        if person is None:
            raise CommandError(f"Nobody has the address {address}.")
        if not second_factors.reset(person, by=None):
            raise CommandError(f"{person.email_address} has no second factor.")
        return (
            f"{person.email_address} has no second factor any more and is signed out everywhere. "
            "A mail tells them."
        )
