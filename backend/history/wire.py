"""What goes over the wire about the history: feedback in, stored videos and analyses out.

Knows fields, types and limits, like `backend.schemas`, whose types it uses. Knows nothing of how they
are stored.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from backend.fields import Bucket, Identifier, Label, Received, Score, Text, Wire
from backend.schemas import (
    Counts,
    MeanScore,
    ModelName,
    Probabilities,
    TrendStep,
    Video,
    Weights,
    Words,
)


def _says_something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be blank")
    return text


class FeedbackRequest(Received):
    """What a comment says, by the judgement of a person."""

    comment_id: Identifier | None = None
    text: Annotated[Text, AfterValidator(_says_something), Field(json_schema_extra={"pattern": r"\S"})]
    label: Label = Field(description="What it should have been labelled.")
    predicted: Label | None = Field(default=None, description="What it was labelled.")
    video_id: Identifier | None = None


class FeedbackAnswer(Wire):
    """The feedback is kept, and will be there for retraining."""

    status: Literal["accepted"]


class Deleted(Wire):
    """Nothing of it is stored, or will be of what was sent before."""

    status: Literal["deleted"]


class Page(Received):
    """Which part of a list is asked for."""

    limit: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="The most entries to return."
    )
    cursor: Annotated[str, Field(pattern="^[A-Za-z0-9_-]+$", max_length=2000)] | None = Field(
        default=None, description="`next` of the page before; absent for the first."
    )


class CommentsPage(Page):
    """Which comments are asked for."""

    limit: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=100, description="The most comments to return."
    )


NextCursor = Annotated[
    str | None, Field(description="The `cursor` of the page after; null where this is the last.")
]


class StoredAnalysis(Wire):
    """One analysis, in total."""

    id: UUID
    analysed_at: datetime = Field(description="By the server's clock; the order holds if it was wrong.")
    model: ModelName
    counts: Counts
    score: MeanScore


class StoredVideo(Wire):
    """A video, and how it was the last time."""

    video: Video
    analyses: int = Field(description="How often it was analysed.")
    latest: StoredAnalysis


class VideosAnswer(Wire):
    """The videos of the history, the one analysed last first."""

    videos: list[StoredVideo]
    next: NextCursor


class VideoAnswer(Wire):
    """The analyses of a video over time, newest first."""

    video: Video
    analyses: list[StoredAnalysis]
    next: NextCursor


class StoredComment(Wire):
    """One comment as it was then."""

    id: str | None
    text: str | None = Field(description="Null where texts are not stored.")
    author: str | None = Field(description="A keyed hash: tells authors apart, names nobody.")
    likes: int | None
    published_at: datetime | None
    published_at_width: float | None
    reply_to: str | None
    pinned: bool | None
    hearted: bool | None
    label: Label
    score: Score
    probabilities: Probabilities
    language: str
    truncated: bool


class AnalysisAnswer(StoredAnalysis):
    """One analysis as a whole, and a page of its comments in the order they were given."""

    video: Video
    like_weighted: Weights
    bucket: Bucket
    timezone: str
    trend: list[TrendStep]
    undated: int
    words: Words | None = Field(description="Null where texts are not stored.")
    languages: dict[str, int]
    authors: int = Field(description="How many people wrote.")
    comments: list[StoredComment]
    next: NextCursor
