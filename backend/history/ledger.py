"""What the workers of one state directory have in common: the order of records, and their counts.

Knows one small file, changed under a lock that the kernel takes from a killed process. Knows nothing
of what a record is. Order is a hybrid clock: the wall clock where that has gone forward, one more than
the last where it hasn't, so that a clock set back can't put a record before an earlier one.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

_NAME = "ledger"
_LAYOUT = struct.Struct("<9Q")


def _microseconds() -> int:
    return time.time_ns() // 1000


@dataclass
class Counts:
    """The totals since the state directory was made; those of `backlog` are of this moment."""

    position: int = 0
    """Position of the latest record."""
    accepted: int = 0
    """Records that were promised to be stored."""
    declined: int = 0
    """Records that weren't: the backlog or the disk was full."""
    stored: int = 0
    """Records that the database has taken."""
    repeated: int = 0
    """Records offered again after a crash, which the database knew."""
    forgotten: int = 0
    """Records of a video that was deleted while they waited."""
    rejected: int = 0
    """Records that can't be stored, and were set aside."""
    backlog_records: int = 0
    backlog_bytes: int = 0


class Ledger:
    """The file of one state directory. Open it after a fork; safe to use from several threads."""

    def __init__(self, directory: Path, now: Callable[[], int] = _microseconds) -> None:
        """Open the ledger in `directory`; `now` is the wall clock in microseconds."""
        self._now = now
        self._threads = threading.RLock()
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._file: int | None = os.open(directory / _NAME, flags, 0o600)

    @contextmanager
    def held(self) -> Iterator[Counts]:
        """Yield the counts, which nobody else sees or changes meanwhile, and write them back.

        Do nothing slow inside: every request of every worker comes through here.
        """
        with self._threads:
            if self._file is None:
                yield Counts()
                return
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                counts = self._read()
                yield counts
                os.pwrite(self._file, _LAYOUT.pack(*astuple(counts)), 0)
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def counts(self) -> Counts:
        """Return the counts of all workers."""
        with self._threads:
            return self._read()

    def next_position(self, counts: Counts) -> int:
        """Give out the position after every one given out before; `counts` must be held."""
        counts.position = max(counts.position + 1, self._now())
        return counts.position

    def close(self) -> None:
        """Count nothing from now on."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
            self._file = None

    def _read(self) -> Counts:
        packed = b"" if self._file is None else os.pread(self._file, _LAYOUT.size, 0)
        return Counts(*_LAYOUT.unpack(packed)) if len(packed) == _LAYOUT.size else Counts()
