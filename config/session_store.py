"""Django's database sessions, for our own pages. SESSION_ENGINE names this module.

The store creates the row on the first save, and skips saves that change nothing. A new session key is set by one
UPDATE. Of several parallel requests, one gets the session with its new key; the others continue without a session.
So no copy of the session remains.
"""

import json
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

_KEY_LENGTH = 32  # long enough to be unique without a query; Django would look first
_ANONYMOUS_AGE = 3600  # seconds; for unfinished sign-ins and for messages


class SessionStore(db.SessionStore):
    _is_new = False
    _written: str | None = None

    def create(self) -> None:
        self._session_key = _new_key()
        self._session_cache: dict[str, Any] = getattr(self, "_session_cache", {})
        self._is_new = self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        written = f"{self.session_key}:{json.dumps(self._session)}"  # type: ignore[attr-defined]
        if written != self._written:
            super().save(must_create=must_create or self._is_new)
            self._is_new, self._written = False, written

    def cycle_key(self) -> None:
        former, kept = self.session_key, self._session  # type: ignore[attr-defined]
        if former is None or self._is_new:
            return self.create()
        key = _new_key()
        if not self.model.objects.filter(session_key=former).update(session_key=key):
            self._session_cache = {}
            return self.create()
        self._session_key, self._session_cache, self.modified = key, kept, True
        return None

    def get_session_cookie_age(self) -> int:
        """Return the session's lifetime in seconds. Without a signed-in user, it is useful only for a short time."""
        is_signed_in = SESSION_KEY in self._session  # type: ignore[attr-defined]
        return super().get_session_cookie_age() if is_signed_in else _ANONYMOUS_AGE


def _new_key() -> str:
    return get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)
