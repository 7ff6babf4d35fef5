"""Rows that go: because their video was deleted, or because they were kept long enough.

Knows the tables, and that a transaction must not take long, so that much is deleted a little at a time.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from backend.history.database import Database
from backend.history.store import into
from backend.history.tables import Analysis, Feedback, Origin, Video

# With their predictions, which may be thousands each.
_AT_ONCE = 50
_DAY = 24 * 3600 * 1_000_000

_Table = type[Analysis] | type[Feedback]


def forget(database: Database, video_id: str, position: int, today: datetime.date) -> None:
    """Delete all that is known of a video up to `position`.

    It can't be read any more from the first moment on. The mark that stays keeps out what was accepted
    before and hasn't been stored yet.
    """
    with database.writing() as connection:
        mark = {"forgotten_position": position, "forgotten_on": today}
        connection.execute(
            into(connection, Video)
            .values(id=video_id, **mark)
            .on_conflict_do_update(index_elements=[Video.id], set_=mark)
        )
        latest = select(func.max(Analysis.position)).where(
            Analysis.video_id == video_id, Analysis.position > position
        )
        connection.execute(
            update(Video)
            .where(Video.id == video_id)
            .values(
                title=None, channel=None, published_at=None, latest_position=latest.scalar_subquery()
            )
        )
    _delete(database, lambda table: and_(table.video_id == video_id, table.position <= position))


def sweep(database: Database, before: datetime.date, now: int) -> int:
    """Delete what is of days before `before`; return how many analyses and feedbacks that was.

    A record made while the clock was set back is as young as its position says. Positions later than
    `now`, in microseconds, come from a clock that was set forward, and say nothing.
    """
    begin = datetime.datetime.combine(before, datetime.time(), datetime.UTC)
    first, last = int(begin.timestamp() * 1e6), now + _DAY
    with database.writing() as connection:
        later = or_(Origin.swept_before.is_(None), Origin.swept_before < before)
        connection.execute(update(Origin).where(later).values(swept_before=before))
    gone = _delete(
        database,
        lambda table: and_(table.day < before, or_(table.position < first, table.position > last)),
    )
    left = select(Analysis.id).where(Analysis.video_id == Video.id).exists()
    with database.writing() as connection:
        connection.execute(
            delete(Video).where(~left, or_(Video.forgotten_on.is_(None), Video.forgotten_on < before))
        )
    return gone


def _delete(database: Database, which: Callable[[_Table], ColumnElement[bool]]) -> int:
    """Delete the analyses and feedbacks of which it holds, each few in a transaction of their own."""
    total = 0
    for table in (Analysis, Feedback):
        gone = _AT_ONCE
        while gone:
            few = select(table.id).where(which(table)).limit(_AT_ONCE)
            with database.writing() as connection:
                gone = connection.execute(delete(table).where(table.id.in_(few))).rowcount
            total += gone
    return total
