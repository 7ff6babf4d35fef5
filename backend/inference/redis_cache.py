"""Predictions that all server processes share, kept in Redis.

Knows Redis and what to do without it: nothing. A prediction that can't be asked for is computed, one
that can't be kept is forgotten, and a server that hangs is left alone for a while.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend import metrics
from backend.inference.breaker import Breaker
from backend.inference.cache import Row

_PREFIX = b"undertone:prediction:"
_WEEK = 7 * 24 * 3600
_PATIENCE_SECONDS = 0.5
_BYTES_OF_A_ROW = 12
# One command for thousands of keys would hold up everybody else's.
_KEYS_AT_ONCE = 1000

_log = logging.getLogger(__name__)


class RedisCache:
    """Keeps predictions for a week at `address`; without an answer from there, knows none."""

    def __init__(self, address: str, breaker: Breaker | None = None) -> None:
        self._breaker = breaker or Breaker()
        self._client = redis.Redis.from_url(
            address,
            socket_timeout=_PATIENCE_SECONDS,
            socket_connect_timeout=_PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Row]:
        if not self._breaker.may_try():
            return {}
        found: dict[bytes, Row] = {}
        try:
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                asked = keys[start : start + _KEYS_AT_ONCE]
                answers = cast(
                    "list[bytes | None]", self._client.mget([_PREFIX + key for key in asked])
                )
                rows = zip(asked, answers, strict=True)
                found.update({key: row for key, row in rows if row is not None and _is_row(row)})
        except redis.RedisError as error:
            self._fail(error)
            return found
        self._breaker.succeeded()
        metrics.count_cache("redis", hits=len(found), misses=len(keys) - len(found))
        return found

    def put(self, rows: Mapping[bytes, Row]) -> None:
        if not self._breaker.may_try():
            return
        kept = list(rows.items())
        try:
            for start in range(0, len(kept), _KEYS_AT_ONCE):
                with self._client.pipeline(transaction=False) as pipeline:
                    for key, row in kept[start : start + _KEYS_AT_ONCE]:
                        pipeline.set(_PREFIX + key, row, ex=_WEEK)
                    pipeline.execute()
        except redis.RedisError as error:
            self._fail(error)
            return
        self._breaker.succeeded()

    def _fail(self, error: redis.RedisError) -> None:
        metrics.REDIS_FAILURES.inc()
        if self._breaker.failed():
            _log.warning("Redis doesn't answer, predictions are not shared for now: %s", error)


def _is_row(value: bytes) -> bool:
    """Return whether `value` can be probabilities; anybody may write into a shared Redis."""
    if len(value) != _BYTES_OF_A_ROW:
        return False
    row = np.frombuffer(value, dtype="<f4")
    return bool(np.all(row >= 0) and abs(float(row.sum()) - 1) < 1e-3)
