"""The state of mail sending: when a worker last ran, and whether the queue is paused."""

from datetime import timedelta

import structlog
from django.db import models

from config.database import DatabaseNow
from invitations.models import MailChannel

_LONGEST_MINUTES = 15
_PAUSED = models.Q(paused_until__gt=DatabaseNow())

log = structlog.get_logger(__name__)


def beat() -> None:
    """Record the time: a worker is running now."""
    MailChannel.objects.bulk_create(
        [MailChannel(seen_at=DatabaseNow())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["seen_at"],
    )


def is_paused() -> bool:
    return MailChannel.objects.filter(_PAUSED).exists()


def pause(reason: str) -> None:
    """Pause the whole queue, longer each time: 1, 2, 4, 8, then 15 minutes. Log one error per pause."""
    channel = MailChannel.objects.get_or_create(pk=1)[0]
    minutes = min(2**channel.pauses, _LONGEST_MINUTES)
    paused = MailChannel.objects.filter(pauses=channel.pauses).exclude(_PAUSED)
    if paused.update(
        pauses=channel.pauses + 1,
        paused_until=DatabaseNow() + timedelta(minutes=minutes),
        pause_reason=reason,
    ):
        log.error("mail_paused", reason=reason, minutes=minutes)


def resume() -> None:
    """Reset the count of pauses after a message was sent. A pause that another worker just began stays."""
    behind = MailChannel.objects.filter(pauses__gt=0).exclude(_PAUSED)
    if behind.update(pauses=0, paused_until=None, pause_reason=""):
        log.warning("mail_resumed")
