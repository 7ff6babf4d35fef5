"""Records that were accepted and aren't in the database yet: on disk, one folder for each worker.

Knows how a record is appended, read in order, settled, and how a dead worker's folder is told from a
living one's and taken over. Knows nothing of databases, or of what a record says.

Why files and not a queue in memory or in SQLite: one `write` is the cheapest thing that outlives
`kill -9`, and it waits for no other worker's disk. A power cut may cost what the disk has not been told
to keep. `sync` tells it: before the answer where a person's work is at stake, else by and by.

    spool/<worker>/lock                 held by whoever may read and remove the segments
    spool/<worker>/000000000001.log     lines, as `frames` has them; the last segment is appended to
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from backend.history.frames import Frame, read_frames, write_frame
from backend.history.ledger import Ledger
from backend.state import sync

_SEGMENT_BYTES = 4 * 1024 * 1024
_BATCH_BYTES = 2 * 1024 * 1024
_BATCH_RECORDS = 200
_LOCK = "lock"


class DeclinedError(OSError):
    """A record can't be kept: the backlog or the disk is full."""


@dataclass(frozen=True)
class Batch:
    """The oldest records of one segment."""

    segment: Path
    frames: list[Frame]


class Folder:
    """A worker's folder, held by this process: read from the front, emptied from the front."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        self._read_to: dict[Path, int] = {}

    def batch(self) -> Batch | None:
        """Return the oldest records that haven't been settled; None if there are none."""
        for segment in self.segments():
            frames, size = [], 0
            for frame in read_frames(segment, self._read_to.get(segment, 0), self._end(segment)):
                frames.append(frame)
                size += len(frame.line)
                if size >= _BATCH_BYTES or len(frames) >= _BATCH_RECORDS:
                    break
            if frames:
                return Batch(segment, frames)
            self._finish(segment)
        return None

    def settle(self, batch: Batch) -> None:
        """Note that nobody needs the records of `batch` any more."""
        self._read_to[batch.segment] = batch.frames[-1].end

    def segments(self) -> list[Path]:
        """Return the segments, oldest first."""
        return sorted(self.path.glob("*.log"))

    def remove(self) -> None:
        """Remove the folder if nothing is left in it, and let go of it."""
        if not self.segments():
            (self.path / _LOCK).unlink(missing_ok=True)
            # Another worker may have been here first.
            with suppress(FileNotFoundError):
                self.path.rmdir()
        os.close(self._lock)

    def _end(self, segment: Path) -> int:
        """Return the offset up to which `segment` may be read."""
        return _size(segment)

    def _finish(self, segment: Path) -> None:
        """Remove a segment that has been read to its end."""
        segment.unlink(missing_ok=True)
        self._read_to.pop(segment, None)


class Spool(Folder):
    """The worker's own folder, which it appends to. Safe to use from several threads."""

    def __init__(self, root: Path, ledger: Ledger, limit: int) -> None:
        """Make a folder under `root`, which may hold `limit` bytes together with all others."""
        self._root, self._ledger, self._limit = root, ledger, limit
        self._appending = threading.Lock()
        self._syncing = threading.Lock()
        self._numbers = count(1)
        self._file: int | None = None
        self._current: Path | None = None
        self._size = 0
        self._closed = False
        self._unsynced: set[Path] = set()
        root.mkdir(mode=0o700, exist_ok=True)
        path = root / uuid.uuid4().hex
        # Under the lock, so that nobody takes the new folder for a dead worker's.
        with ledger.held():
            path.mkdir(mode=0o700)
            try:
                (path / _LOCK).touch(mode=0o600)
                lock = _try_lock(path)
            except OSError:
                path.rmdir()
                raise
            assert lock is not None
        for folder in (root, root.parent):
            sync(folder)
        super().__init__(path, lock)
        self._held = {path}

    def append(self, payload: bytes) -> None:
        """Keep `payload`, one record in JSON, from now on even if this process is killed.

        Raises:
            DeclinedError: it is not kept; says why.
        """
        try:
            with self._appending:
                self._append(payload)
        except OSError as error:
            with self._ledger.held() as counts:
                counts.declined += 1
            raise DeclinedError(error.strerror or str(error)) from error

    def _append(self, payload: bytes) -> None:
        if self._closed:
            raise DeclinedError("the server is ending")
        with self._ledger.held() as counts:
            position = self._ledger.next_position(counts)
            line = write_frame(position, payload)
            if counts.backlog_bytes + len(line) > self._limit:
                raise DeclinedError(f"the backlog has reached its limit of {self._limit:,} bytes")
            counts.backlog_bytes += len(line)
        try:
            self._write(line)
        except OSError:
            with self._ledger.held() as counts:
                counts.backlog_bytes -= min(len(line), counts.backlog_bytes)
            raise
        with self._ledger.held() as counts:
            counts.accepted += 1
            counts.backlog_records += 1

    def sync(self) -> None:
        """Have the disk keep what was appended up to now, through a power cut too.

        Raises:
            OSError: the disk can't.
        """
        with self._syncing:
            with self._appending:
                segments, self._unsynced = self._unsynced, set()
            try:
                for segment in segments:
                    # What has been stored meanwhile is gone from here.
                    with suppress(FileNotFoundError):
                        sync(segment)
                if segments:
                    sync(self.path)
            except OSError:
                with self._appending:
                    self._unsynced |= segments
                raise

    def orphans(self) -> Iterator[Folder]:
        """Take over and yield the folders of workers that have died."""
        for path in sorted(self._root.iterdir()):
            if path not in self._held:
                with self._ledger.held():
                    lock = _try_lock(path)
                if lock is not None:
                    self._held.add(path)
                    yield Folder(path, lock)

    def measure(self) -> None:
        """Put the ledger's backlog right, which a kill at the wrong moment may have left wrong."""
        with self._ledger.held() as counts:
            counts.backlog_bytes = _bytes_in(self._root)
            if counts.backlog_bytes == 0:
                counts.backlog_records = 0

    def close(self) -> None:
        """Append nothing from now on."""
        with self._appending:
            self._closed = True
            if self._file is not None:
                os.close(self._file)
            self._file = None

    def _write(self, line: bytes) -> None:
        file, segment = self._open()
        try:
            written = os.write(file, line)
            # A disk that fills up takes the beginning.
            if written < len(line):
                written += os.write(file, line[written:])
            if written < len(line):
                raise OSError(errno.EIO, "a record was written only in part")
        except OSError:
            os.ftruncate(file, self._size)
            raise
        self._size += len(line)
        self._unsynced.add(segment)

    def _end(self, segment: Path) -> int:
        # Beyond it is what is being written, and may be taken back.
        with self._appending:
            return self._size if segment == self._current else super()._end(segment)

    def _open(self) -> tuple[int, Path]:
        """Return the file to append to, a new one if there is none or it is long enough."""
        if self._file is not None and self._size >= _SEGMENT_BYTES:
            os.close(self._file)
            self._file = None
        if self._file is None or self._current is None:
            path = self.path / f"{next(self._numbers):012d}.log"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._file, self._current, self._size = os.open(path, flags, 0o600), path, 0
        return self._file, self._current

    def _finish(self, segment: Path) -> None:
        """Remove a segment that has been read to its end, unless something was appended meanwhile."""
        with self._appending:
            if segment == self._current:
                if self._read_to.get(segment, 0) < self._size:
                    return
                if self._file is not None:
                    os.close(self._file)
                self._file = self._current = None
            self._unsynced.discard(segment)
            super()._finish(segment)


def _try_lock(path: Path) -> int | None:
    """Return the lock of a worker's folder as an open file; None if a living process has it."""
    try:
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    # Its owner has just removed it, or it is no folder.
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _bytes_in(root: Path) -> int:
    """Return how long all segments of all workers are."""
    total = 0
    for folder in root.iterdir():
        # A folder may go while it is looked at, and what somebody put here may be none.
        with suppress(FileNotFoundError, NotADirectoryError):
            total += sum(_size(path) for path in folder.iterdir() if path.suffix == ".log")
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
