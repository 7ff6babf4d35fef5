"""What is kept of a request: one record, from the models of an answer to JSON and back.

Knows which fields are kept, that authors and those who correct are kept only as keyed hashes, and that
texts are kept only if they may be. Knows nothing of files or databases. A comment is a row of columns:
that is smaller and quicker to write than a comment after another.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import to_json

from backend.fields import Label
from backend.history.wire import FeedbackRequest
from backend.schemas import (
    AnalyzeAnswer,
    AnalyzeRequest,
    BareComment,
    Comment,
    Counts,
    MeanScore,
    ModelName,
    PredictAnswer,
    Prediction,
    Video,
)

VERSION: Literal[1] = 1

_HASH_CHARACTERS = 32
# No author's name: "@ada" who writes and a token "@ada" that corrects have different hashes.
_CLIENT = "client\0"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    version: Literal[1]
    id: uuid.UUID
    at: datetime


class Columns(BaseModel):
    """The comments of a record and what the champion made of them, each list as long as the others."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    comment_id: list[str | None]
    text: list[str | None]
    author: list[str | None]
    likes: list[int | None]
    published_at: list[datetime | None]
    published_at_width: list[float | None]
    reply_to: list[str | None]
    pinned: list[bool | None]
    hearted: list[bool | None]
    label: list[Label]
    score: list[float]
    negative: list[float]
    neutral: list[float]
    positive: list[float]
    language: list[str]
    truncated: list[bool]

    @model_validator(mode="after")
    def _as_long_as_each_other(self) -> Self:
        lengths = {len(column) for _, column in self}
        if len(lengths) != 1:
            raise ValueError(f"columns of lengths {sorted(lengths)}")
        return self

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each comment."""
        names, columns = zip(*self, strict=True)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


class AnalysisRecord(_Kept):
    """What came out of `/v1/analyze`, or of `/v1/predict`, which has no video and no summary."""

    kind: Literal["analysis"]
    video: Video | None
    model: ModelName
    counts: Counts
    score: MeanScore
    summary: dict[str, Any] | None
    comments: Columns


class FeedbackRecord(_Kept):
    """What came in by `/v1/feedback`."""

    kind: Literal["feedback"]
    client: str | None = None
    feedback: FeedbackRequest


Record = AnalysisRecord | FeedbackRecord
_RECORD: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])


def parse(payload: bytes) -> Record:
    """Return the record that `payload` is.

    Raises:
        ValueError: it is none, or of another version.
    """
    return _RECORD.validate_json(payload)


class Recorder:
    """Writes records by one policy."""

    def __init__(self, key: bytes, keep_text: bool, max_characters: int) -> None:
        self._key, self._keep_text, self._max_characters = key, keep_text, max_characters

    def analysis(self, asked: AnalyzeRequest, answered: AnalyzeAnswer, at: datetime) -> bytes:
        """Return the record of an analysis."""
        summary = answered.model_dump(
            mode="json", include={"like_weighted", "bucket", "trend", "undated", "languages"}
        )
        summary["timezone"] = asked.options.timezone
        summary["authors"] = answered.authors.total
        summary["words"] = answered.words.model_dump(mode="json") if self._keep_text else None
        return to_json(
            self._head("analysis", at)
            | {
                "video": asked.video,
                "model": answered.model,
                "counts": answered.counts,
                "score": answered.score,
                "summary": summary,
                "comments": self._whole(asked.comments) | _predicted(answered.predictions),
            }
        )

    def predictions(
        self, comments: Sequence[str | BareComment], answered: PredictAnswer, at: datetime
    ) -> bytes:
        """Return the record of comments that were labelled."""
        # Not at the top: they come with onnxruntime, which must not be imported before the fork.
        from backend.analysis.counts import count
        from backend.analysis.interval import mean_interval

        scores = np.array([prediction.score for prediction in answered.predictions])
        mean, low, high = mean_interval(scores)
        return to_json(
            self._head("analysis", at)
            | {
                "video": None,
                "model": answered.model,
                "counts": count([prediction.label for prediction in answered.predictions]),
                "score": {"mean": mean, "low": low, "high": high},
                "summary": None,
                "comments": self._bare(comments) | _predicted(answered.predictions),
            }
        )

    def feedback(self, given: FeedbackRequest, client: str, at: datetime) -> bytes:
        """Return the record of what `client` has given, whose text is kept in any case."""
        cut = given.model_copy(update={"text": given.text[: self._max_characters]})
        return to_json(self._head("feedback", at) | {"client": self.client(client), "feedback": cut})

    def author(self, name: str | None) -> str | None:
        """Return the hash of an author's name, which can't be found by trying names without the key."""
        return self._hash(name) if name else None

    def client(self, client: str) -> str:
        """Return the hash of who corrects, a token's name or an address; nor can this be found so."""
        return self._hash(_CLIENT + client)

    def _hash(self, name: str) -> str:
        return hmac.digest(self._key, name.encode("utf-8"), hashlib.sha256).hex()[:_HASH_CHARACTERS]

    def _head(self, kind: str, at: datetime) -> dict[str, Any]:
        return {"version": VERSION, "kind": kind, "id": uuid.uuid4(), "at": at}

    def _whole(self, comments: Sequence[Comment]) -> dict[str, list[Any]]:
        return {
            "comment_id": [comment.id for comment in comments],
            "text": [self._text(comment.text) for comment in comments],
            "author": [self.author(comment.author) for comment in comments],
            "likes": [comment.likes for comment in comments],
            "published_at": [comment.published_at for comment in comments],
            "published_at_width": [comment.published_at_width for comment in comments],
            "reply_to": [comment.reply_to for comment in comments],
            "pinned": [comment.pinned for comment in comments],
            "hearted": [comment.hearted for comment in comments],
        }

    def _bare(self, comments: Sequence[str | BareComment]) -> dict[str, list[Any]]:
        unknown = [None] * len(comments)
        given = [
            (None, comment) if isinstance(comment, str) else (comment.id or None, comment.text)
            for comment in comments
        ]
        return {
            "comment_id": [id_ for id_, _ in given],
            "text": [self._text(text) for _, text in given],
            "author": unknown,
            "likes": unknown,
            "published_at": unknown,
            "published_at_width": unknown,
            "reply_to": unknown,
            "pinned": unknown,
            "hearted": unknown,
        }

    def _text(self, text: str) -> str | None:
        return text[: self._max_characters] if self._keep_text else None


def _predicted(predictions: Sequence[Prediction]) -> dict[str, list[Any]]:
    return {
        "label": [prediction.label for prediction in predictions],
        "score": [prediction.score for prediction in predictions],
        "negative": [prediction.probabilities.negative for prediction in predictions],
        "neutral": [prediction.probabilities.neutral for prediction in predictions],
        "positive": [prediction.probabilities.positive for prediction in predictions],
        "language": [prediction.language for prediction in predictions],
        "truncated": [prediction.truncated for prediction in predictions],
    }
