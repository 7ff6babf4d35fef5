"""Predictions that were made before, by what the model read and which model it was.

Knows keys, rows and how many to keep. Knows nothing of models or of how a row is computed. A comment's
text is never kept: a key is its hash, so a kept prediction takes the same room for every comment.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from backend import metrics

Row = bytes
"""Three float32, little-endian: the probabilities of negative, neutral and positive."""


def key_of(identity: str, text: str) -> bytes:
    """Return the key of `text`, as the model with `identity` reads it."""
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16, key=identity.encode("ascii")).digest()


class Cache(Protocol):
    """What keeps predictions. Safe to use from several threads at once; never fails."""

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Row]:
        """Return those of `keys` that are known, with their rows."""

    def put(self, rows: Mapping[bytes, Row]) -> None:
        """Keep `rows`, as long as there is room."""


class LocalCache:
    """Keeps the `size` predictions of this process that were used last; with 0, none."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: OrderedDict[bytes, Row] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Row]:
        if not self._size:
            return {}
        with self._lock:
            found = {key: self._rows[key] for key in keys if key in self._rows}
            for key in found:
                self._rows.move_to_end(key)
        metrics.count_cache("process", hits=len(found), misses=len(keys) - len(found))
        return found

    def put(self, rows: Mapping[bytes, Row]) -> None:
        if not self._size:
            return
        with self._lock:
            self._rows.update(rows)
            while len(self._rows) > self._size:
                self._rows.popitem(last=False)


class Tiers:
    """Caches one behind the other, the nearest first; what a farther one knows, nearer ones learn."""

    def __init__(self, caches: Iterable[Cache]) -> None:
        self._caches = tuple(caches)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Row]:
        found: dict[bytes, Row] = {}
        for position, cache in enumerate(self._caches):
            missing = [key for key in keys if key not in found]
            if not missing:
                break
            learnt = cache.get(missing)
            for nearer in self._caches[:position]:
                nearer.put(learnt)
            found.update(learnt)
        return found

    def put(self, rows: Mapping[bytes, Row]) -> None:
        for cache in self._caches:
            cache.put(rows)
