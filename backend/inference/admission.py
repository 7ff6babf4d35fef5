"""How much may be held at once: comments that wait for the model, bytes of bodies that are worked on.

Knows a number and its limit. Knows nothing of what is counted, nor of how long anything takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from backend.errors import Overloaded

Observer = Callable[[int], None]


class Room:
    """Room for `limit` of something. Safe to use from several threads at once."""

    def __init__(self, limit: int, observe: Observer = lambda held: None) -> None:
        """Make room for `limit`, and tell `observe` whenever the number that is held changes."""
        self.limit = limit
        self._held = 0
        self._lock = threading.Lock()
        self._observe = observe

    @property
    def held(self) -> int:
        """How many are held now."""
        return self._held

    def take(self, number: int, full: Callable[[], Overloaded]) -> None:
        """Take room for `number`, which must be given back.

        Raises:
            Overloaded: what `full` returns; there is not enough room, and none was taken.
        """
        with self._lock:
            if self._held + number > self.limit:
                raise full()
            self._held += number
            self._observe(self._held)

    def give_back(self, number: int) -> None:
        """Give back room that was taken."""
        with self._lock:
            self._held -= number
            self._observe(self._held)
