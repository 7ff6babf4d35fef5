"""Whether the wall clock may be believed when it says that something is old.

Knows the wall clock and one that nobody can set. Knows nothing of what is old.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_JUMP_SECONDS = 60
_SETTLED_AFTER_START = 60
_SETTLED_AFTER_JUMP = 3600


class WallClock:
    """The wall clock, watched: what a clock that is wrong for an hour has deleted is gone for ever."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._settles = steady() + _SETTLED_AFTER_START
        self._offset = wall() - steady()

    def now(self) -> float:
        """Return the seconds since 1970, whatever they are worth."""
        return self._wall()

    def is_settled(self) -> bool:
        """Return whether the clock goes evenly: since a minute at first, since an hour after a jump."""
        steady = self._steady()
        offset = self._wall() - steady
        if abs(offset - self._offset) > _JUMP_SECONDS:
            self._offset, self._settles = offset, steady + _SETTLED_AFTER_JUMP
        return steady >= self._settles
