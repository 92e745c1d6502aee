"""Messages as rows: stored in the transaction of the change that causes them, and restored for sending."""

import json
from collections.abc import Sequence

from django.core.mail import EmailAlternative, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from config import crypto
from invitations.models import Message
from invitations.models.message import new_message_id


class OutboxBackend(BaseEmailBackend):
    """`MAILERS["default"]`: stores codes, password resets and notices, also those of allauth.

    They are urgent: they are sent before invitations and have no rate limit.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for email in email_messages:
                _store(email)
        return len(email_messages)


def restore(message: Message) -> EmailMultiAlternatives:
    """Return the stored mail. Raises crypto.Unreadable if SECRET_KEY has changed."""
    body = json.loads(crypto.unseal(message.sealed_body))
    html = body.pop("html")
    email = EmailMultiAlternatives(to=[message.recipient], **body)
    if html:
        email.attach_alternative(html, "text/html")
    return email


def _store(email: EmailMessage) -> None:
    if len(email.recipients()) != 1 or email.attachments:
        raise ValueError("the outbox takes messages to one recipient, without attachments")
    body = {
        "subject": str(email.subject),
        "body": str(email.body),
        "html": _html(email),
        "from_email": email.from_email,
        "headers": email.extra_headers,
    }
    Message.objects.create(
        kind="code" if getattr(email, "holds_code", False) else "account",
        urgent=True,
        recipient=email.recipients()[0],
        sealed_body=crypto.seal(json.dumps(body)),
        message_id=new_message_id(),
    )


def _html(email: EmailMessage) -> str:
    if not isinstance(email, EmailMultiAlternatives):
        return ""
    alternatives = (EmailAlternative(*part) for part in email.alternatives)
    return next((str(part.content) for part in alternatives if part.mimetype == "text/html"), "")
