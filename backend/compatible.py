"""What the plugins of the usual Flask tutorials send and expect, as pydantic models.

Knows their dialect: sentiments are "1", "0" and "-1", sometimes as numbers; moments are ISO 8601,
with or without a time or an offset; a comment may come with fields that nobody reads. Knows nothing
of how an answer is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, RootModel, WithJsonSchema
from pydantic_core import PydanticCustomError

from backend.analysis.trend import Dated, choose_bucket, trend
from backend.charts.wire import DrawnAnalysis
from backend.fields import Label, Likes, Moment, Wire, not_too_many

Sentiment = Literal["1", "0", "-1"]

SENTIMENTS: dict[Label, Sentiment] = {"positive": "1", "neutral": "0", "negative": "-1"}
_LABELS: dict[str, Label] = {sentiment: label for label, sentiment in SENTIMENTS.items()}
_SCORES: dict[Sentiment, float] = {"1": 1.0, "0": 0.0, "-1": -1.0}
_NO_WORDS: dict[str, list[Any]] = {"all": [], "negative": [], "neutral": [], "positive": []}
_LONGEST_ECHO = 100


class Lenient(Wire):
    """What a plugin sends; fields that nobody reads are not looked at."""

    model_config = ConfigDict(extra="ignore")


def _sendable(text: object) -> object:
    """Return `text` without the halves of characters that JavaScript leaves where it cuts a string."""
    if not isinstance(text, str):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _in_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _only_text(value: object) -> object:
    return value["text"] if isinstance(value, dict) and "text" in value else value


def _as_string(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _with_offset(value: object) -> object:
    """Return a moment that is written without an offset as one in UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return value
    return moment.replace(tzinfo=UTC).isoformat() if moment and moment.tzinfo is None else value


def _known_sentiments(value: object) -> object:
    """Check the keys, and take null, which is how JavaScript sends NaN, as nothing counted."""
    if not isinstance(value, dict):
        return value
    if not value or set(value) - set(_LABELS):
        raise PydanticCustomError("sentiments", 'must hold counts of "1", "0" and "-1", and no others')
    return {sentiment: 0 if count is None else count for sentiment, count in value.items()}


# What the validators above take beside what the types say.
_TEXT = {"type": "string"}
_TEXTS_OR_OBJECTS = {
    "anyOf": [_TEXT, {"type": "object", "properties": {"text": _TEXT}, "required": ["text"]}]
}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "minItems": 1, "items": _TEXTS_OR_OBJECTS}]}
_COUNT = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 10**9}, {"type": "null"}]}
_COUNTS = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": dict.fromkeys(_LABELS, _COUNT),
}

AnyText = Annotated[str, BeforeValidator(_sendable)]
AnySentiment = Annotated[
    Sentiment, BeforeValidator(_as_string), WithJsonSchema({"enum": ["1", "0", "-1", 1, 0, -1]})
]
Texts = Annotated[
    list[Annotated[AnyText, BeforeValidator(_only_text)]],
    Field(min_length=1),
    BeforeValidator(not_too_many),
    BeforeValidator(_in_a_list),
    WithJsonSchema(_TEXTS),
]
Echo = Annotated[
    Annotated[str, Field(max_length=_LONGEST_ECHO), BeforeValidator(_sendable)] | int | float | None,
    Field(description="Comes back as it is."),
]


class PlainComments(Lenient):
    """Comments to label or to draw words of; an object counts by its `text`."""

    comments: Texts


class StampedComment(Lenient):
    """A comment and when it was written, in whatever form."""

    text: AnyText
    timestamp: Echo = None


class StampedComments(Lenient):
    """Comments to label, which come back with their timestamps."""

    comments: Annotated[list[StampedComment], Field(min_length=1), BeforeValidator(not_too_many)]


class SentimentCounts(Lenient):
    """How many comments bear each sentiment."""

    sentiment_counts: Annotated[
        dict[Sentiment, Likes], BeforeValidator(_known_sentiments), WithJsonSchema(_COUNTS)
    ]


class StampedSentiment(Lenient):
    """A sentiment and when it was felt; without an offset, in UTC."""

    sentiment: AnySentiment
    timestamp: Annotated[
        Moment, BeforeValidator(_with_offset), WithJsonSchema({"type": "string", "format": "date-time"})
    ] = Field(description="ISO 8601; without a time or an offset too.")


class SentimentData(Lenient):
    """Sentiments to draw the trend of."""

    sentiment_data: Annotated[
        list[StampedSentiment], Field(min_length=1), BeforeValidator(not_too_many)
    ]


class LabelledComment(Wire):
    """A comment and its sentiment."""

    comment: str
    sentiment: Sentiment


class LabelledComments(RootModel[list[LabelledComment]]):
    """Comments and their sentiments, in the order given."""


class StampedLabelledComment(LabelledComment):
    """A comment, its sentiment, and the timestamp that it came with."""

    timestamp: Echo


class StampedLabelledComments(RootModel[list[StampedLabelledComment]]):
    """Comments, their sentiments and timestamps, in the order given."""


class PlainError(Wire):
    """What went wrong, in one sentence."""

    error: str


def counted(counts: Mapping[Sentiment, int]) -> DrawnAnalysis:
    """Return an analysis that holds nothing but `counts`."""
    by_label = {label: counts.get(sentiment, 0) for label, sentiment in SENTIMENTS.items()}
    return DrawnAnalysis.model_validate(
        {"counts": by_label, "bucket": "day", "trend": [], "words": _NO_WORDS}
    )


def over_time(data: Sequence[StampedSentiment]) -> DrawnAnalysis:
    """Return an analysis that holds the trend of `data`, a sentiment counting as its score."""
    dated = [
        Dated(item.timestamp, 0, _LABELS[item.sentiment], _SCORES[item.sentiment]) for item in data
    ]
    bucket = choose_bucket(dated, "auto")
    steps = trend(dated, bucket, ZoneInfo("UTC"))
    return DrawnAnalysis.model_validate(
        {
            "counts": {label: sum(item.label == label for item in dated) for label in SENTIMENTS},
            "bucket": bucket,
            "trend": [step.model_dump() for step in steps],
            "words": _NO_WORDS,
        }
    )
