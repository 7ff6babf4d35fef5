"""What was analysed, predicted and corrected, kept for the creator and for training.

Knows how a request's record gets onto the disk before the request is answered, and that a request never
fails or waits because of it. What happens then is the business of the parts:

    records   what is kept of a request          spool, frames, ledger   what waits, on disk
    drain     from the spool into the database   store, deletion         records into rows, rows away
    opening   waits for a disk to write to
    tables, database, migrate                    reading                 rows into answers
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from backend import lacks, metrics
from backend.errors import HistoryOff, HistoryUnavailable
from backend.history.database import address
from backend.history.deletion import forget
from backend.history.drain import Drain
from backend.history.ledger import Counts, Ledger
from backend.history.migrate import MigratedDatabase, UnknownRevisionError
from backend.history.opening import Opening
from backend.history.records import Recorder
from backend.history.spool import DeclinedError, Spool
from backend.history.wire import FeedbackRequest
from backend.schemas import AnalyzeAnswer, AnalyzeRequest, BareComment, PredictAnswer
from backend.settings import Settings
from backend.state import StateError, author_key, state_directory, state_path

_READING_SECONDS = 10
# A slow database must get through with a batch, or it never would.
_STORING_SECONDS = 60
_COMPLAINT_SECONDS = 60

_log = logging.getLogger(__name__)


class History:
    """The history of one worker. Create it after the fork; safe to use from several threads."""

    def __init__(self, settings: Settings, state: Path) -> None:
        """Open the history in the directory `state` and start to store what waits there.

        Raises:
            StateError: the key for the hashes of people is damaged.
            OSError: the disk is full, or read-only.
        """
        self._recorder = Recorder(
            author_key(state), settings.history_text, settings.max_comment_characters
        )
        self._ledger = Ledger(state)
        try:
            self._spool = Spool(state / "spool", self._ledger, settings.history_backlog_bytes)
        except OSError:
            self._ledger.close()
            raise
        url = address(settings, state)
        self._database = MigratedDatabase(url, _READING_SECONDS)
        self._storing = MigratedDatabase(url, _STORING_SECONDS)
        self._drain = Drain(
            self._spool, self._ledger, self._storing, state / "rejected.log", settings.history_days
        )
        self._complained = float("-inf")
        self._drain.start()

    def keep_analysis(self, asked: AnalyzeRequest, answered: AnalyzeAnswer) -> bool:
        """Keep an analysis; return whether it is kept, which it isn't if the disk is full."""
        return self._keep(lambda: self._recorder.analysis(asked, answered, _now()))

    def keep_predictions(self, comments: Sequence[str | BareComment], answered: PredictAnswer) -> bool:
        """Keep the predictions of comments; return as `keep_analysis` does."""
        return self._keep(lambda: self._recorder.predictions(comments, answered, _now()))

    def keep_feedback(self, given: FeedbackRequest, client: str) -> None:
        """Keep what a person has judged, and a hash of `client`, who sent it, through a power cut too.

        Raises:
            HistoryUnavailable: it can't be kept now.
        """
        kept = self._keep(lambda: self._recorder.feedback(given, client, _now()))
        try:
            self._spool.sync()
        except OSError as error:
            _log.error("the history can't be written to the disk: %s", error)
            kept = False
        if not kept:
            raise HistoryUnavailable("There is no room for feedback now.")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to read what is stored.

        Raises:
            HistoryUnavailable: the database doesn't answer.
        """
        with _answering(), self._database.reading() as connection:
            yield connection

    def forget(self, video_id: str) -> None:
        """Delete all that is stored of a video, or waits to be.

        Raises:
            HistoryUnavailable: the database doesn't answer; maybe not all is deleted.
        """
        with self._ledger.held() as counts:
            position = self._ledger.next_position(counts)
        with _answering():
            forget(self._database, video_id, position, _now().date())

    def figures(self) -> Counts:
        """Return how much was accepted, declined, stored and waits, by all workers together."""
        return self._ledger.counts()

    def close(self, seconds: float) -> None:
        """Store what waits, if that takes no longer than `seconds`; what is left waits on disk."""
        self._spool.close()
        if self._drain.stop(seconds):
            self._storing.close()
            self._ledger.close()
        self._database.close()

    def _keep(self, record: Callable[[], bytes]) -> bool:
        try:
            self._spool.append(record())
        # A full disk, or whatever else: the request has its answer, and is to get it.
        except Exception as error:
            self._complain(error)
            return False
        self._drain.wake()
        return True

    def _complain(self, error: Exception) -> None:
        """Log that something isn't kept, but not for each request of a busy hour."""
        if time.monotonic() - self._complained >= _COMPLAINT_SECONDS:
            self._complained = time.monotonic()
            expected = isinstance(error, DeclinedError)
            _log.error(
                "the history is not kept, %d records up to now: %s",
                self._ledger.counts().declined,
                error if expected else type(error).__name__,
                exc_info=None if expected else error,
            )


def init_app(app: Flask, settings: Settings) -> None:
    """Let the views of `app` find the history, if the settings want one.

    Raises:
        StateError: the state directory can't be had, or the key in it is damaged.
    """
    opening = None
    if settings.history:
        opening = Opening(
            lambda: History(settings, state_directory(settings)),
            closed=lambda error: lacks.note(
                app,
                "history",
                error if isinstance(error, StateError) else f"{state_path(settings)}: {error}",
            ),
            opened=lambda: lacks.end(app, "history"),
        )
        opening.get()
    app.extensions["undertone_history"] = opening


def finish(app: Flask, seconds: float) -> None:
    """Close the history of `app`, if it has one."""
    if history := of(app):
        history.close(seconds)


def of(app: Flask) -> History | None:
    """Return the history of `app`; None if it is switched off, or can't be opened now."""
    opening = _opening(app)
    return opening.get() if opening else None


def current() -> History:
    """Return the history of the application that handles the current request.

    Raises:
        HistoryOff: it is switched off.
        HistoryUnavailable: it can't be opened now.
    """
    if _opening(current_app) is None:
        raise HistoryOff("This server keeps no history: UNDERTONE_HISTORY is false.")
    history = of(current_app)
    if history is None:
        raise HistoryUnavailable("The server can't write to its disk.")
    return history


def keep_analysis(asked: AnalyzeRequest, answered: AnalyzeAnswer) -> None:
    """Keep an analysis in the history of the current application, if it has one."""
    _keep(lambda history: history.keep_analysis(asked, answered))


def keep_predictions(comments: Sequence[str | BareComment], answered: PredictAnswer) -> None:
    """Keep predictions in the history of the current application, if it has one."""
    _keep(lambda history: history.keep_predictions(comments, answered))


def _keep(keep: Callable[[History], bool]) -> None:
    if history := of(current_app):
        keep(history)
    elif _opening(current_app):
        metrics.NOT_KEPT.inc()


def _opening(app: Flask) -> Opening[History] | None:
    opening: Opening[History] | None = app.extensions.get("undertone_history")
    return opening


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, TimeoutError, UnknownRevisionError) as error:
        _log.warning("the history's database does not answer: %s", getattr(error, "orig", error))
        raise HistoryUnavailable("The database of the history does not answer.") from error


def _now() -> datetime:
    return datetime.now(UTC)
