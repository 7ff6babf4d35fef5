"""When to leave a service alone that does not answer.

Knows failures, and how long to wait after how many. Knows nothing of the service. While the circuit is
open nobody asks; then one may try, and closes it or leaves it open for twice as long.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0


class Breaker:
    """A circuit breaker. Safe to use from several threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = 0.0
        self._closed_at = 0.0
        self._trying = False

    def may_try(self) -> bool:
        """Return whether to ask the service; if so, `succeeded` or `failed` must be called after."""
        with self._lock:
            if not self._pause:
                return True
            if self._trying or self._clock() < self._closed_at:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        """Note that the service answered."""
        with self._lock:
            self._pause, self._trying = 0.0, False

    def failed(self) -> bool:
        """Note that the service did not answer; return whether that is news."""
        with self._lock:
            # Of several that were under way when it went, only the first lengthens the pause.
            if self._pause and not self._trying:
                return False
            first = not self._pause
            self._pause = min(max(_FIRST_PAUSE, 2 * self._pause), _LONGEST_PAUSE)
            self._closed_at = self._clock() + self._pause
            self._trying = False
            return first
