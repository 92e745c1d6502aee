"""The local mailbox: without a mail server, messages are saved in a folder and shown in the dashboard."""

import email
import email.policy
import os
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from config.private_files import keep_folder

_ID = re.compile(r"[0-9]{19}-[0-9a-f]{8}")  # creation time in nanoseconds first: names sort by age


class UnknownMail(LookupError):
    """The mailbox has no message with this id."""


@dataclass(frozen=True)
class Mail:
    """A message as the mailbox shows it. `html` is not trusted."""

    id: str
    subject: str
    to: str
    date: datetime | None
    headers: list[tuple[str, str]]
    text: str
    html: str


class MailboxBackend(BaseEmailBackend):
    """`MAILERS["transport"]` if no mail server is configured: one file per message, readable by its owner only."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAILBOX_DIR)
        keep_folder(folder)
        for message in email_messages:
            _write(folder, content=message.message(policy=email.policy.SMTP).as_bytes())
        return len(email_messages)


def messages() -> list[Mail]:
    """Return all messages, the newest first."""
    ids = [
        path.stem for path in Path(settings.MAILBOX_DIR).glob("*.eml") if _ID.fullmatch(path.stem)
    ]
    return [message(mail_id) for mail_id in sorted(ids, reverse=True)]


def message(mail_id: str) -> Mail:
    """Return one message. Raises UnknownMail; an invalid id is rejected before any file access."""
    if not _ID.fullmatch(mail_id):
        raise UnknownMail(mail_id)
    try:
        content = (Path(settings.MAILBOX_DIR) / f"{mail_id}.eml").read_bytes()
    except FileNotFoundError as error:
        raise UnknownMail(mail_id) from error
    return _read(mail_id, parsed=email.message_from_bytes(content, policy=email.policy.default))


def _write(folder: Path, *, content: bytes) -> None:
    """Write to a temporary file, then rename it: readers never see an incomplete message."""
    name = f"{time.time_ns():019}-{secrets.token_hex(4)}"
    unfinished = folder / f"{name}.part"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    unfinished.rename(folder / f"{name}.eml")


def _read(mail_id: str, *, parsed: ParsedMessage) -> Mail:
    return Mail(
        id=mail_id,
        subject=parsed["Subject"] or "",
        to=parsed["To"] or "",
        date=parsed["Date"].datetime if parsed["Date"] else None,
        headers=[(name, str(value)) for name, value in parsed.items()],
        text=_body(parsed, kind="plain"),
        html=_body(parsed, kind="html"),
    )


def _body(parsed: ParsedMessage, *, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""
