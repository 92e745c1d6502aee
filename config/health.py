"""For a monitor: does the database answer, does a mail worker live, does mail wait?"""

from typing import Any

from django.apps import apps
from django.db import InterfaceError, OperationalError
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import database

_WORKER_SILENT_SECONDS = 90  # a worker says it lives every 10 s, and one message may hold it for 30


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 while database and worker live, else 503. Counts seconds, names nobody."""
    try:
        report = {"database": True, **_mail()}
    except (OperationalError, InterfaceError):
        report = {"database": False, "worker_seen": None, "oldest_mail": None, "paused": None}
    seen = report["worker_seen"]
    healthy = seen is not None and seen <= _WORKER_SILENT_SECONDS
    return JsonResponse(report, status=200 if healthy else 503)


def _mail() -> dict[str, Any]:
    """Seconds since a worker was seen and since the oldest waiting mail could have left, and any pause."""
    moment = database.now()
    channel = apps.get_model("invitations", "MailChannel").objects.first()
    messages = apps.get_model("invitations", "Message").objects
    waiting = messages.filter(state__in=["queued", "sending"]).annotate(
        since=Coalesce("hold_until", "created_at")
    )
    oldest = waiting.filter(since__lte=moment).aggregate(oldest=Min("since"))["oldest"]
    return {
        "worker_seen": _seconds(moment, channel.seen_at if channel else None),
        "oldest_mail": _seconds(moment, oldest),
        "paused": bool(channel and channel.paused_until and channel.paused_until > moment),
    }


def _seconds(moment: Any, instant: Any) -> int | None:
    return max(0, int((moment - instant).total_seconds())) if instant else None
