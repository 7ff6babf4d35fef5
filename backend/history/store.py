"""Records into rows.

Knows the tables, and that a record may come twice, late, or after its video was deleted. Knows nothing
of where records come from.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.history.records import AnalysisRecord, FeedbackRecord, Record
from backend.history.tables import Analysis, Base, Feedback, Prediction, Video


@dataclass(frozen=True)
class Placed:
    """A record, and the position at which it was accepted."""

    position: int
    record: Record

    @property
    def video_id(self) -> str | None:
        if isinstance(self.record, FeedbackRecord):
            return self.record.feedback.video_id
        return self.record.video.id if self.record.video else None


@dataclass(frozen=True)
class Outcome:
    """What became of records."""

    stored: int
    repeated: int
    forgotten: int


def store(connection: Connection, records: Sequence[Placed]) -> Outcome:
    """Put `records` in; what is there already, or is of a video deleted since, is left out."""
    forgotten = _lock_videos(connection, records)
    wanted = [
        placed
        for placed in records
        if placed.video_id is None or placed.position > forgotten.get(placed.video_id, -1)
    ]
    fresh = _insert(connection, Analysis, [_analysis(p) for p in wanted if _is_analysis(p)])
    fresh |= _insert(connection, Feedback, [_feedback(p) for p in wanted if not _is_analysis(p)])
    new = [placed for placed in wanted if placed.record.id in fresh]
    predictions = [row for placed in new for row in _predictions(placed.record)]
    if predictions:
        connection.execute(Base.metadata.tables[Prediction.__tablename__].insert(), predictions)
    _describe_videos(connection, new)
    return Outcome(len(new), len(wanted) - len(new), len(records) - len(wanted))


def into(connection: Connection, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert into `table` that may say what to do about a row that is there."""
    is_postgresql = connection.dialect.name == "postgresql"
    return postgresql.insert(table) if is_postgresql else sqlite.insert(table)


def _is_analysis(placed: Placed) -> bool:
    return isinstance(placed.record, AnalysisRecord)


def _lock_videos(connection: Connection, records: Sequence[Placed]) -> dict[str, int]:
    """Make sure that nobody deletes the videos of `records` meanwhile; return which had been, and when.

    In the order of their ids, so that two who do this can't wait for each other.
    """
    ids = sorted({placed.video_id for placed in records if placed.video_id is not None})
    insert = into(connection, Video)
    forgotten = {}
    for video_id in ids:
        found = connection.execute(
            insert.values(id=video_id)
            .on_conflict_do_update(index_elements=[Video.id], set_={"id": insert.excluded.id})
            .returning(Video.forgotten_position)
        ).scalar_one()
        if found is not None:
            forgotten[video_id] = found
    return forgotten


def _insert(
    connection: Connection, table: type[Analysis] | type[Feedback], rows: Sequence[dict[str, Any]]
) -> set[uuid.UUID]:
    """Insert `rows` and return the ids of those that weren't there."""
    if not rows:
        return set()
    insert = into(connection, table).on_conflict_do_nothing(index_elements=[table.id])
    return set(connection.execute(insert.returning(table.id), rows).scalars())


def _describe_videos(connection: Connection, records: Sequence[Placed]) -> None:
    """Note what the latest analysis of each video says of it."""
    rows = {
        placed.record.video.id: {
            "of": placed.record.video.id,
            "at": placed.position,
            "title": placed.record.video.title,
            "channel": placed.record.video.channel,
            "published_at": placed.record.video.published_at,
        }
        for placed in sorted(records, key=lambda placed: placed.position)
        if isinstance(placed.record, AnalysisRecord) and placed.record.video
    }
    if rows:
        videos = Base.metadata.tables[Video.__tablename__]
        newer = or_(videos.c.latest_position.is_(None), videos.c.latest_position < bindparam("at"))
        connection.execute(
            update(videos)
            .where(videos.c.id == bindparam("of"), newer)
            .values(
                latest_position=bindparam("at"),
                title=bindparam("title"),
                channel=bindparam("channel"),
                published_at=bindparam("published_at"),
            ),
            list(rows.values()),
        )


def _analysis(placed: Placed) -> dict[str, Any]:
    record = placed.record
    assert isinstance(record, AnalysisRecord)
    return {
        "id": record.id,
        "position": placed.position,
        "analysed_at": record.at,
        "day": record.at.astimezone(datetime.UTC).date(),
        "video_id": placed.video_id,
        "model_name": record.model.name,
        "model_family": record.model.family,
        "model_version": record.model.version,
        **record.counts.model_dump(),
        **record.score.model_dump(),
        "summary": record.summary,
    }


def _predictions(record: Record) -> list[dict[str, Any]]:
    if isinstance(record, FeedbackRecord):
        return []
    return [
        {"analysis_id": record.id, "ordinal": ordinal} | row
        for ordinal, row in enumerate(record.comments.rows())
    ]


def _feedback(placed: Placed) -> dict[str, Any]:
    record = placed.record
    assert isinstance(record, FeedbackRecord)
    return {
        "id": record.id,
        "position": placed.position,
        "received_at": record.at,
        "day": record.at.astimezone(datetime.UTC).date(),
        "client": record.client,
        **record.feedback.model_dump(),
    }
