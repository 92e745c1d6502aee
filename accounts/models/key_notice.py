"""What admins are told by mail when a secret key comes or goes: who stole an admin's session must not make one
unseen.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.models.application import Application
from config.audit import Actor
from config.mail import compose, display_name, link

if TYPE_CHECKING:
    from accounts.models.secret_key import SecretKey


def tell_admins(key: "SecretKey", *, by: Actor | None, at: datetime, is_made: bool) -> None:
    """One message to each admin who can act on it, in the caller's transaction. The key itself is in none."""
    context: dict[str, Any] = {
        "application": Application.objects.current(),
        "key": key,
        "key_name": display_name(key.name),  # empty for one that mail programs might make a link
        "is_made": is_made,
        "at": at,
        "by": _who(by) if by else "",
        "page": link(reverse("keys")),
    }
    admins = get_user_model().objects.filter(is_superuser=True, is_active=True)
    for address in admins.order_by("pk").values_list("email_address", flat=True):
        compose("key_changed", to=address, context=context).send()


def _who(by: Actor) -> str:
    name, address = display_name(by.name), getattr(by, "email_address", "")
    return f"{name} ({address})" if name and address else name or address
