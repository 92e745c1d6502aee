"""What `manage.py check --deploy` asks beside Django's own questions."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 Django's name for it


def mail_can_leave(**_options: Any) -> list[CheckMessage]:
    if settings.MAILERS["transport"]["BACKEND"] != "invitations.delivery.NoTransport":
        return []
    return [
        Warning(
            "No mail can leave: invitations and codes wait until a mail server is named.",
            hint="Set EMAIL_URL, like smtp+tls://user:password@smtp.example.com:587, or MAIL_PROVIDER.",
            id="ollio.W001",
        )
    ]
