"""Django's cache, stored in the database. Only allauth's counters use it.

Values are JSON. With pickle, an attacker who can write to the database could run code here. Keys are hashed, because
some contain text that a visitor typed.
"""

import hashlib
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from config.database import run

_SET = """
    INSERT INTO cache_entry (key, value, expires_at) VALUES (%s, %s, {epoch} + %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
# One statement, so that only one of many parallel requests adds the entry.
_ADD = f"{_SET} WHERE cache_entry.expires_at <= {{epoch}} RETURNING key"
_GET = "SELECT value FROM cache_entry WHERE key = %s AND expires_at > {epoch}"
_INCREMENT = """
    UPDATE cache_entry SET value = CAST(CAST(value AS bigint) + %s AS text)
    WHERE key = %s AND expires_at > {epoch} RETURNING value
"""
_DELETE = "DELETE FROM cache_entry WHERE key = %s AND expires_at > {epoch} RETURNING key"
_FOR_EVER = 10**10  # seconds


class TextCache(BaseCache):
    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = run(_GET, [self._name(key, version)])
        return json.loads(row[0]) if row else default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        run(_SET, [self._name(key, version), json.dumps(value), self._seconds(timeout)])

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store the value if there is no live entry. Return whether it was stored."""
        entry = [self._name(key, version), json.dumps(value), self._seconds(timeout)]
        return run(_ADD, entry) is not None

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        row = run(_INCREMENT, [delta, self._name(key, version)])
        if row is None:
            raise ValueError("There is no such number.")
        return int(row[0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete the entry. Return whether there was a live one."""
        return run(_DELETE, [self._name(key, version)]) is not None

    def _name(self, key: str, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version).encode()).hexdigest()

    def _seconds(self, timeout: Any) -> int:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER if seconds is None else int(seconds)
