"""Whether a password is known from a leak of another site. A service is asked, which learns five of the forty digits
of its hash and answers with all leaked ones that begin so. Off unless BREACHED_PASSWORDS_URL names a service.
"""

import hashlib
import re
import time
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.request import Request, urlopen

import structlog
from django.conf import settings

logger = structlog.get_logger(__name__)

LONGEST_WAIT = 2.0  # seconds for the answer, whatever the service does
_PAUSE = 60.0  # seconds in which a service that did not answer is not asked again
_MOST_BYTES = 1 << 20
_LINE = re.compile(r"([0-9A-F]{35}):([0-9]+)")

_resting_until = 0.0  # on the clock of this process


class _Away(Exception):
    """The service does not answer, or not as it should."""


def is_breached(password: str) -> bool:
    """False as well where nobody can tell: a service that is away stops nobody."""
    if not settings.BREACHED_PASSWORDS_URL or time.monotonic() < _resting_until:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        return digest[5:] in _suffixes(digest[:5])
    except _Away as away:
        _rest(str(away))
        return False


def _rest(reason: str) -> None:
    global _resting_until
    _resting_until = time.monotonic() + _PAUSE
    logger.warning("breached_passwords_away", reason=reason, pause=_PAUSE)


def _suffixes(prefix: str) -> set[str]:
    """What leaked hashes with this beginning go on with. Lines that count 0 are padding."""
    found = _LINE.findall(_ask(prefix))
    if not found:
        raise _Away("no answer that could be read")
    return {suffix for suffix, count in found if int(count)}


def _ask(prefix: str) -> str:
    """In a thread of its own: looking a name up, or an answer that trickles, knows no time-out."""
    answers: SimpleQueue[str | _Away] = SimpleQueue()
    Thread(target=_fetch, args=(prefix, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=LONGEST_WAIT)
    except Empty:
        raise _Away("no answer in time") from None
    if isinstance(answer, _Away):
        raise answer
    return answer


def _fetch(prefix: str, answers: "SimpleQueue[str | _Away]") -> None:
    url = settings.BREACHED_PASSWORDS_URL + prefix
    headers = {"Add-Padding": "true", "User-Agent": "Ollio"}
    try:
        request = Request(url, headers=headers)  # noqa: S310 settings allow http and https only
        with urlopen(request, timeout=LONGEST_WAIT) as answer:  # noqa: S310
            answers.put(answer.read(_MOST_BYTES).decode("ascii", errors="replace"))
    except (OSError, HTTPException, ValueError) as fault:
        answers.put(_Away(type(fault).__name__))  # its words would tell the five digits
