"""Seal the secrets of second factors, which were stored as they are.

What is sealed begins in a way that no secret does: a secret of an app is base32 in capitals, a seed of recovery
codes is hexadecimal. So rows may be met twice, and a migration that was broken off goes on where it ended.
"""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from config.crypto import Unreadable, seal, unseal

SECRETS = {"totp": "secret", "recovery_codes": "seed"}  # by the factor's type
SEALED = "gAAAAA"  # how a Fernet token begins
_AT_ONCE = 500


def seal_all(apps: Apps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    _rewrite(apps, to=lambda text: text if text.startswith(SEALED) else seal(text))


def unseal_all(apps: Apps, _editor: BaseDatabaseSchemaEditor | None) -> None:
    """What was sealed under a key that is gone stays as it is: nothing can read it, before or after."""
    _rewrite(apps, to=lambda text: _opened(text) if text.startswith(SEALED) else text)


def _rewrite(apps: Apps, *, to: Callable[[str], str]) -> None:
    factors = apps.get_model("mfa", "Authenticator").objects.filter(type__in=SECRETS).order_by("pk")
    last = 0
    # Locked, since a code that is used meanwhile changes the same column.
    while rows := list(factors.filter(pk__gt=last).select_for_update()[:_AT_ONCE]):
        for row in rows:
            name = SECRETS[row.type]
            row.data[name] = to(row.data[name])
        factors.bulk_update(rows, ["data"])
        last = rows[-1].pk


def _opened(sealed: str) -> str:
    try:
        return unseal(sealed)
    except Unreadable:
        return sealed


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_known_devices"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_all, unseal_all)]
