"""Django's cache, for what allauth counts in it, and nothing else. Values are JSON: a pickle in a database would let
whoever can write there run code here. Keys are hashed, since some of them name what was typed.
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
# One statement, so that of many at once one adds.
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
        """Whether there was none."""
        entry = [self._name(key, version), json.dumps(value), self._seconds(timeout)]
        return run(_ADD, entry) is not None

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        row = run(_INCREMENT, [delta, self._name(key, version)])
        if row is None:
            raise ValueError("There is no such number.")
        return int(row[0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether there was one."""
        return run(_DELETE, [self._name(key, version)]) is not None

    def _name(self, key: str, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version).encode()).hexdigest()

    def _seconds(self, timeout: Any) -> int:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER if seconds is None else int(seconds)
