"""Rows into the answers about stored videos.

Knows the tables, the models of the answers, and how a list is paged: by what came before, so that what
is stored meanwhile moves nothing. Knows nothing of HTTP.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy.engine import Row

from backend.history.tables import Analysis, Prediction, Video
from backend.history.wire import (
    AnalysisAnswer,
    Page,
    StoredAnalysis,
    StoredComment,
    StoredVideo,
    VideoAnswer,
    VideosAnswer,
)
from backend.query import read_cursor, write_cursor
from backend.schemas import Counts, MeanScore, ModelName, Probabilities
from backend.schemas import Video as WireVideo

_VIDEOS = Video.__table__.c
_ANALYSES = Analysis.__table__.c
_PREDICTIONS = Prediction.__table__.c
_LAST_ORDINAL = 2**31 - 1


def videos(connection: Connection, page: Page) -> VideosAnswer:
    """Return a page of the videos that have analyses, the one analysed last first."""
    asked = select(Video.__table__).where(_VIDEOS.latest_position.is_not(None))
    if page.cursor:
        asked = asked.where(_after(_VIDEOS.latest_position, _VIDEOS.id, *read_cursor(page.cursor)))
    asked = asked.order_by(_VIDEOS.latest_position.desc(), _VIDEOS.id)
    rows, more = _page(connection, asked, page.limit)
    ids = [row.id for row in rows]
    numbers = _numbers(connection, ids)
    latest = _latest(connection, ids)
    return VideosAnswer(
        videos=[
            StoredVideo(video=_video(row), analyses=numbers[row.id], latest=latest[row.id])
            for row in rows
            if row.id in latest
        ],
        next=write_cursor(rows[-1].latest_position, rows[-1].id) if more else None,
    )


def video(connection: Connection, video_id: str, page: Page) -> VideoAnswer | None:
    """Return a page of a video's analyses, newest first; None if nothing is stored of it."""
    asked = select(Analysis.__table__).where(_ANALYSES.video_id == video_id)
    if page.cursor:
        position, key = read_cursor(page.cursor)
        asked = asked.where(_after(_ANALYSES.position, _ANALYSES.id, position, _uuid(key)))
    found = _find(connection, video_id)
    if found is None:
        return None
    asked = asked.order_by(_ANALYSES.position.desc(), _ANALYSES.id)
    rows, more = _page(connection, asked, page.limit)
    return VideoAnswer(
        video=_video(found),
        analyses=[StoredAnalysis(**_total(row)) for row in rows],
        next=write_cursor(rows[-1].position, str(rows[-1].id)) if more else None,
    )


def analysis(
    connection: Connection, video_id: str, analysis_id: uuid.UUID, page: Page
) -> AnalysisAnswer | None:
    """Return an analysis of a video with a page of its comments; None if it isn't stored."""
    asked = select(Prediction.__table__).where(_PREDICTIONS.analysis_id == analysis_id)
    if page.cursor:
        asked = asked.where(_PREDICTIONS.ordinal > min(read_cursor(page.cursor)[0], _LAST_ORDINAL))
    found = _find(connection, video_id)
    row = connection.execute(
        select(Analysis.__table__).where(_ANALYSES.id == analysis_id, _ANALYSES.video_id == video_id)
    ).one_or_none()
    if found is None or row is None:
        return None
    comments, more = _page(connection, asked.order_by(_PREDICTIONS.ordinal), page.limit)
    # What was stored as JSON has its moments as strings, which only the lax mode reads.
    return AnalysisAnswer.model_validate(
        {
            **_total(row),
            **row.summary,
            "video": _video(found),
            "comments": [_comment(comment) for comment in comments],
            "next": write_cursor(comments[-1].ordinal) if more else None,
        },
        strict=False,
    )


def _page(connection: Connection, asked: Select[Any], limit: int) -> tuple[list[Row[Any]], bool]:
    """Return the first `limit` rows, and whether there are more."""
    rows = list(connection.execute(asked.limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def _after(
    position: ColumnElement[Any], key: ColumnElement[Any], last: int, last_key: object
) -> ColumnElement[bool]:
    """Return what holds for entries that come after the last one of the page before."""
    return or_(position < last, and_(position == last, key > last_key))


def _uuid(text: str) -> uuid.UUID:
    """Return the UUID in a cursor; for a cursor of another list, one that nothing comes before."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _find(connection: Connection, video_id: str) -> Row[Any] | None:
    asked = select(Video.__table__).where(_VIDEOS.id == video_id, _VIDEOS.latest_position.is_not(None))
    return connection.execute(asked).one_or_none()


def _numbers(connection: Connection, ids: list[str]) -> dict[str, int]:
    counted = (
        select(_ANALYSES.video_id, func.count().label("number"))
        .where(_ANALYSES.video_id.in_(ids))
        .group_by(_ANALYSES.video_id)
    )
    return {row.video_id: row.number for row in connection.execute(counted)}


def _latest(connection: Connection, ids: list[str]) -> dict[str, StoredAnalysis]:
    asked = select(Analysis.__table__).join(
        Video.__table__,
        and_(_VIDEOS.id == _ANALYSES.video_id, _VIDEOS.latest_position == _ANALYSES.position),
    )
    rows = connection.execute(asked.where(_ANALYSES.video_id.in_(ids)))
    return {row.video_id: StoredAnalysis(**_total(row)) for row in rows}


def _video(row: Row[Any]) -> WireVideo:
    return WireVideo(id=row.id, title=row.title, channel=row.channel, published_at=row.published_at)


def _total(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "analysed_at": row.analysed_at,
        "model": ModelName(name=row.model_name, family=row.model_family, version=row.model_version),
        "counts": Counts(
            negative=row.negative, neutral=row.neutral, positive=row.positive, total=row.total
        ),
        "score": MeanScore(mean=row.mean, low=row.low, high=row.high),
    }


def _comment(row: Row[Any]) -> StoredComment:
    return StoredComment(
        id=row.comment_id,
        text=row.text,
        author=row.author,
        likes=row.likes,
        published_at=row.published_at,
        published_at_width=row.published_at_width,
        reply_to=row.reply_to,
        pinned=row.pinned,
        hearted=row.hearted,
        label=row.label,
        score=row.score,
        probabilities=Probabilities(negative=row.negative, neutral=row.neutral, positive=row.positive),
        language=row.language,
        truncated=row.truncated,
    )
