"""Something that needs a disk to write to, opened as soon as there is one.

Knows when to try again, and that nobody waits for that. Knows nothing of what it opens.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from backend.state import is_of_the_disk

_AGAIN_SECONDS = 5.0

Opened = TypeVar("Opened")


class Opening(Generic[Opened]):
    """What `open_` returns, once it does. Safe to use from several threads."""

    def __init__(
        self,
        open_: Callable[[], Opened],
        closed: Callable[[OSError], None],
        opened: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tell `closed` when it can't be opened, and `opened` when it can be after all; each once."""
        self._open, self._closed, self._opened, self._clock = open_, closed, opened, clock
        self._trying = threading.Lock()
        self._again_at = float("-inf")
        self._failed = False
        self._found: Opened | None = None

    def get(self) -> Opened | None:
        """Return it; None while the disk is full or read-only.

        Raises:
            OSError: there is another reason why it can't be opened, which time won't mend.
        """
        if self._found is None and self._trying.acquire(blocking=False):
            try:
                if self._found is None and self._clock() >= self._again_at:
                    self._try()
            finally:
                self._trying.release()
        return self._found

    def _try(self) -> None:
        try:
            self._found = self._open()
        except OSError as error:
            if not is_of_the_disk(error):
                raise
            self._again_at = self._clock() + _AGAIN_SECONDS
            if not self._failed:
                self._failed = True
                self._closed(error)
        else:
            if self._failed:
                self._opened()
