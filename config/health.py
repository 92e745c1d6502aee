"""Health checks for probes and monitors: is the process alive, is it ready, is mail being sent?

They are answered before any other check of the request: probes use the IP address of the machine or the pod, and the
Host check would refuse that.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from accounts import tokens
from config import database
from config.request_log import mark_told
from invitations.models import MailChannel, Message

_LOOK_SECONDS = 1  # the database is queried at most once in this time
_PATIENCE_SECONDS = 1  # if another thread's query takes longer, the database counts as silent
_WORKER_SILENT_SECONDS = 90  # a worker reports every 10 s; one message may delay it by 30 s
_MAIL_WAITS_SECONDS = 15 * 60

_READY = ("database", "migrations", "signing_key")
_MAIL = ("worker_seen", "oldest_mail", "paused")
_PATHS = {"/livez": (), "/readyz": _READY, "/healthz": (*_READY, *_MAIL)}
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

logger = structlog.get_logger(__name__)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._watch = Watch()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        facts = _PATHS.get(request.path_info)
        if facts is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={**_HEADERS, "Allow": "GET, HEAD"})
        return self._answer(facts)

    def _answer(self, facts: tuple[str, ...]) -> HttpResponse:
        """Return 200 if all checks pass, otherwise 503. The report has check names and seconds, no personal data."""
        report = self._watch.report() if facts else {}
        failing = [name for name in facts if _is_ill(name, report[name])]
        said = {"failing": failing, **{name: report[name] for name in facts}}
        answer = JsonResponse(said, status=503 if failing else 200, headers=_HEADERS)
        answer["Content-Length"] = str(len(answer.content))
        return mark_told(answer)


class Watch:
    """The last report from the database, shared by all threads of this process."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._report: dict[str, Any] = {}
        self._fresh_until = 0.0

    def report(self) -> dict[str, Any]:
        if time.monotonic() < self._fresh_until:
            return self._report
        if not self._turn.acquire(timeout=_PATIENCE_SECONDS):
            return _SILENCE  # do not let more threads wait for the one that queries
        try:
            if time.monotonic() >= self._fresh_until:
                self._report = _look()
                self._fresh_until = time.monotonic() + _LOOK_SECONDS
            return self._report
        finally:
            self._turn.release()


_SILENCE: dict[str, Any] = {"database": False} | dict.fromkeys((*_READY[1:], *_MAIL))


def _look() -> dict[str, Any]:
    """Query the database, and log failing checks: requests of probes are not logged."""
    report = dict(_SILENCE)
    try:
        report["migrations"] = _is_migrated()
        report["database"] = True
        if report["migrations"]:  # otherwise tables may be missing
            report |= {"signing_key": tokens.can_sign(), **_mail()}
    except (DatabaseError, InterfaceError) as fault:
        logger.warning("database_silent", reason=str(fault))
        return _SILENCE
    failing = [name for name, fact in report.items() if _is_ill(name, fact)]
    if failing:
        logger.warning("unhealthy", failing=failing)
    return report


def _is_migrated() -> bool:
    return _newest_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app, from the files present when this process first checked."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _mail() -> dict[str, Any]:
    """Return seconds since a worker last reported, seconds since the oldest waiting mail was due, and any pause."""
    moment = database.now()
    channel = MailChannel.objects.first()
    return {
        "worker_seen": _seconds(moment, channel.seen_at if channel else None),
        "oldest_mail": _seconds(moment, Message.objects.oldest_due(by=moment)),
        "paused": bool(channel and channel.paused_until and channel.paused_until > moment),
    }


def _seconds(moment: datetime, instant: datetime | None) -> int | None:
    return max(0, int((moment - instant).total_seconds())) if instant else None


def _is_ill(name: str, fact: Any) -> bool:
    match name:
        case "worker_seen":
            return fact is None or fact > _WORKER_SILENT_SECONDS
        case "oldest_mail":
            return fact is not None and fact > _MAIL_WAITS_SECONDS
        case "paused":
            return fact is True
    return fact is not True
