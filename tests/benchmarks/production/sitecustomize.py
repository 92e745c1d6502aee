"""Loaded by the workers that are measured: hides packages that only development needs."""

import os
import sys


class Hidden:
    def __init__(self, names):
        self._names = set(names)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(name, name=name)


sys.meta_path.insert(0, Hidden(os.environ.get("OLLIO_HIDDEN", "").split()))

# An almost free hash: it shows what the rest of a request costs. A real hash also spoils the processor's caches.
if "OLLIO_FREE_HASH" in os.environ:
    from argon2 import low_level

    _hash = low_level.hash_secret
    low_level.hash_secret = lambda *args, **costs: _hash(*args, **{**costs, "memory_cost": 8})
