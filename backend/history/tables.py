"""The tables of the history.

Knows columns, keys and what goes when something else goes. Knows nothing of how rows come in or are
asked for. What is changed here needs a migration; a test compares the two.

    videos  1 ── n  analyses  1 ── n  predictions        feedback        origin
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_ID = String(200)
_NAME = String(300)
_LABEL = String(8)


class Moment(TypeDecorator[datetime.datetime]):
    """A moment in UTC, with its time zone even where the database keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        return value and value.astimezone(datetime.UTC)

    def process_result_value(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(datetime.UTC)
        return value.replace(tzinfo=datetime.UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  the name and the form that SQLAlchemy asks for
        datetime.datetime: Moment(),
        datetime.date: Date(),
        uuid.UUID: Uuid(),
        float: Double(),
        dict[str, Any]: JSON(),
        str: Text(),
    }


class Video(Base):
    """A video that something is or was known of."""

    __tablename__ = "videos"
    __table_args__ = (Index(None, "latest_position", "id"),)

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    title: Mapped[str | None] = mapped_column(_NAME)
    channel: Mapped[str | None] = mapped_column(_NAME)
    published_at: Mapped[datetime.datetime | None]
    latest_position: Mapped[int | None] = mapped_column(BigInteger)
    """Position of its latest analysis; none where it has none."""
    forgotten_position: Mapped[int | None] = mapped_column(BigInteger)
    """What was accepted up to here is not to be stored: the video was deleted."""
    forgotten_on: Mapped[datetime.date | None]


class Analysis(Base):
    """What came out of one request, in total. Without a video: comments that were only labelled."""

    __tablename__ = "analyses"
    __table_args__ = (Index(None, "video_id", "position", "id"), Index(None, "day"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    """Says which came first; the clock may have been set back."""
    analysed_at: Mapped[datetime.datetime]
    day: Mapped[datetime.date]
    video_id: Mapped[str | None] = mapped_column(_ID, ForeignKey("videos.id"))
    model_name: Mapped[str]
    model_family: Mapped[str]
    model_version: Mapped[str]
    negative: Mapped[int]
    neutral: Mapped[int]
    positive: Mapped[int]
    total: Mapped[int]
    mean: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    summary: Mapped[dict[str, Any] | None]
    """What else an analysis says: trend, words, languages, weights."""


class Prediction(Base):
    """One comment as it was labelled."""

    __tablename__ = "predictions"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  the form that SQLAlchemy asks for

    analysis_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[str | None] = mapped_column(_ID)
    text: Mapped[str | None]
    author: Mapped[str | None] = mapped_column(String(32))
    """A keyed hash of the name."""
    likes: Mapped[int | None]
    published_at: Mapped[datetime.datetime | None]
    published_at_width: Mapped[float | None]
    reply_to: Mapped[str | None] = mapped_column(_ID)
    pinned: Mapped[bool | None]
    hearted: Mapped[bool | None]
    label: Mapped[str] = mapped_column(_LABEL)
    score: Mapped[float]
    negative: Mapped[float]
    neutral: Mapped[float]
    positive: Mapped[float]
    language: Mapped[str] = mapped_column(String(16))
    truncated: Mapped[bool]


class Feedback(Base):
    """A label that a person gave, for training."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "day"), Index(None, "video_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime.datetime]
    day: Mapped[datetime.date]
    comment_id: Mapped[str | None] = mapped_column(_ID)
    text: Mapped[str]
    label: Mapped[str] = mapped_column(_LABEL)
    predicted: Mapped[str | None] = mapped_column(_LABEL)
    video_id: Mapped[str | None] = mapped_column(_ID)
    client: Mapped[str | None] = mapped_column(String(32))
    """A keyed hash of who sent it; none where that was not noted yet."""


class Origin(Base):
    """One row: which database it is, so that exports of two into one place don't mix."""

    __tablename__ = "origin"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    swept_before: Mapped[datetime.date | None]
    """What is of earlier days has been kept long enough, and may be gone."""
