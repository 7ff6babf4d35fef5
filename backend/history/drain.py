"""From the spool into the database, in a thread.

Knows what is an outage, which is waited out, and what is a record that no database will ever take,
which is set aside. Knows nothing of requests: they never wait for this.
"""

from __future__ import annotations

import datetime
import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from backend.history.clock import WallClock
from backend.history.deletion import sweep
from backend.history.frames import Frame
from backend.history.ledger import Ledger
from backend.history.migrate import MigratedDatabase, UnknownRevisionError
from backend.history.records import parse
from backend.history.spool import Batch, Folder, Spool
from backend.history.store import Outcome, Placed, store

# Records are gathered this long, so that many requests are one transaction.
_GATHER_SECONDS = 0.1
_IDLE_SECONDS = 2.0
_RETRY_SECONDS = (0.25, 5.0)
_MOST_DOUBLINGS = 10
_ADOPT_SECONDS = 2.0
_SYNC_SECONDS = 1.0
_SWEEP_SECONDS = 3600
_DAY_SECONDS = 24 * 3600

_log = logging.getLogger(__name__)


class Drain:
    """Stores what is in this worker's spool and in those of the dead, and deletes what is old."""

    def __init__(
        self,
        spool: Spool,
        ledger: Ledger,
        database: MigratedDatabase,
        rejected: Path,
        days: int,
        clock: WallClock | None = None,
    ) -> None:
        """Set up the thread; what can't be stored goes to `rejected`, and all goes after `days`."""
        self._spool, self._ledger, self._database = spool, ledger, database
        self._rejected, self._days, self._clock = rejected, days, clock or WallClock()
        self._folders: list[Folder] = [spool]
        self._adopted = self._swept = float("-inf")
        self._failures = 0
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._deadline = float("inf")
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._syncing = threading.Thread(target=self._sync, name="history-sync", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._syncing.start()

    def wake(self) -> None:
        """Say that there is something to store."""
        self._woken.set()

    def stop(self, seconds: float) -> bool:
        """Store what there is, if that takes no longer than `seconds`; return whether all has ended."""
        self._deadline = time.monotonic() + seconds
        self._stopping.set()
        self._woken.set()
        for thread in (self._thread, self._syncing):
            thread.join(max(0, self._deadline + 1 - time.monotonic()))
        return not (self._thread.is_alive() or self._syncing.is_alive())

    def _run(self) -> None:
        self._woken.set()
        while not self._stopping.is_set():
            if not self._failures:
                self._woken.wait(_IDLE_SECONDS)
            self._stopping.wait(self._pause())
            self._woken.clear()
            self.work()
        # Those who died just now have no one else, if all workers end.
        self._adopted = float("-inf")
        self.work()
        for folder in self._folders:
            folder.remove()

    def _sync(self) -> None:
        """Have the disk keep what was appended, in a thread that no database can hold up."""
        while not self._stopping.wait(_SYNC_SECONDS):
            try:
                self._spool.sync()
            except OSError as error:
                _log.error("the history's spool can't be synced to the disk: %s", error)

    def _pause(self) -> float:
        first, longest = _RETRY_SECONDS
        doublings = min(self._failures, _MOST_DOUBLINGS) - 1
        return min(longest, first * 2**doublings) if self._failures else _GATHER_SECONDS

    def work(self) -> None:
        """Do all there is to do now; if something fails, say so, and leave the rest for next time."""
        try:
            self._adopt()
            for folder in list(self._folders):
                self._empty(folder)
            self._sweep()
        # An outage, a full disk, whatever else: the thread must go on, and what is in the spool stays.
        except Exception as error:
            self._note_failure(error)
        else:
            self._note_success()

    def _adopt(self) -> None:
        if time.monotonic() - self._adopted >= _ADOPT_SECONDS:
            self._adopted = time.monotonic()
            self._folders += self._spool.orphans()

    def _empty(self, folder: Folder) -> None:
        while time.monotonic() < self._deadline and (batch := folder.batch()):
            outcome, rejected = self._store(batch)
            folder.settle(batch)
            with self._ledger.held() as counts:
                counts.stored += outcome.stored
                counts.repeated += outcome.repeated
                counts.forgotten += outcome.forgotten
                counts.rejected += rejected
                counts.backlog_records -= min(len(batch.frames), counts.backlog_records)
            self._spool.measure()
        self._spool.measure()
        if folder is not self._spool and not folder.segments():
            self._folders.remove(folder)
            folder.remove()

    def _store(self, batch: Batch) -> tuple[Outcome, int]:
        good, bad = [], []
        for frame in batch.frames:
            placed = _read(frame)
            if placed is None:
                bad.append(frame)
            else:
                good.append((frame, placed))
        try:
            outcome = self._insert([placed for _, placed in good])
        except _POISON:
            outcomes = []
            for frame, placed in good:
                try:
                    outcomes.append(self._insert([placed]))
                except _POISON as error:
                    _log.error("record %s can't be stored: %s", placed.record.id, _reason(error))
                    bad.append(frame)
            outcome = _sum(outcomes)
        self._set_aside(bad)
        return outcome, len(bad)

    def _insert(self, records: Sequence[Placed]) -> Outcome:
        if not records:
            return Outcome(0, 0, 0)
        try:
            with self._database.writing() as connection:
                return store(connection, records)
        # Of a database's own complaints, these two are about the record, all others about the database.
        except DBAPIError as error:
            if isinstance(error, DataError | IntegrityError):
                raise
            raise _AwayError(_reason(error)) from error

    def _set_aside(self, frames: Sequence[Frame]) -> None:
        if not frames:
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        file = os.open(self._rejected, flags, 0o600)
        try:
            for frame in frames:
                os.write(file, frame.line)
            os.fsync(file)
        finally:
            os.close(file)
        _log.error("%d records can't be stored, and were set aside in %s", len(frames), self._rejected)

    def _sweep(self) -> None:
        settled = self._clock.is_settled()
        if not (self._days and settled and time.monotonic() - self._swept >= _SWEEP_SECONDS):
            return
        now = self._clock.now()
        today = datetime.datetime.fromtimestamp(now, datetime.UTC).date()
        gone = sweep(self._database, today - datetime.timedelta(days=self._days), int(now * 1e6))
        self._remove_rejected(now - self._days * _DAY_SECONDS)
        self._swept = time.monotonic()
        if gone:
            _log.info("deleted %d entries of the history older than %d days", gone, self._days)

    def _remove_rejected(self, before: float) -> None:
        with suppress(FileNotFoundError):
            if self._rejected.stat().st_mtime < before:
                self._rejected.unlink()

    def _note_failure(self, error: Exception) -> None:
        self._database.distrust()
        self._failures += 1
        if self._failures == 1:
            expected = isinstance(error, SQLAlchemyError | OSError | _AwayError | UnknownRevisionError)
            _log.warning(
                "the history can't be stored now, and is kept in %s: %s",
                self._spool.path,
                _reason(error),
                exc_info=None if expected else error,
            )

    def _note_success(self) -> None:
        if self._failures:
            _log.info("the history is being stored again")
        self._failures = 0


class _AwayError(Exception):
    """The database doesn't answer, or not as it should."""


# What is wrong with the record itself. `_AwayError` keeps a database's own errors apart from these.
_POISON = (StatementError, ValueError, TypeError, ArithmeticError, LookupError)


def _read(frame: Frame) -> Placed | None:
    if frame.position is None:
        _log.error("a record of the history is damaged: its checksum does not hold")
        return None
    try:
        return Placed(frame.position, parse(frame.payload))
    except ValueError as error:
        _log.error("a record of the history can't be read: %s", _reason(error))
        return None


def _reason(error: BaseException) -> str:
    """Return what is wrong, without what was to be stored."""
    if isinstance(error, DataError | IntegrityError):
        return type(error.orig).__name__
    if isinstance(error, DBAPIError):
        return str(error.orig).strip() or type(error.orig).__name__
    if isinstance(error, _AwayError | OSError | UnknownRevisionError):
        return str(error)
    return type(error).__name__


def _sum(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        sum(outcome.stored for outcome in outcomes),
        sum(outcome.repeated for outcome in outcomes),
        sum(outcome.forgotten for outcome in outcomes),
    )
