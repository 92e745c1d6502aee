"""Django's sessions in the database, with fewer statements: a new one is written where it is saved, not where it gets
its name, and one that is as it was written is not written again. SESSION_ENGINE names this module.
"""

import json
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

_KEY_LENGTH = 32  # so many that nobody else's is met by chance: Django would look first


class SessionStore(db.SessionStore):
    _is_new = False
    _written: str | None = None

    def create(self) -> None:
        self._session_key = get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)
        self._session_cache: dict[str, Any] = getattr(self, "_session_cache", {})
        self._is_new = self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        written = f"{self.session_key}:{json.dumps(self._session)}"  # type: ignore[attr-defined]
        if written != self._written:
            super().save(must_create=must_create or self._is_new)
            self._is_new, self._written = False, written
