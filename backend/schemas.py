"""What goes over the wire: the requests and answers of `/v1` about comments, as pydantic models.

Knows fields and limits; the OpenAPI document is made from these same models. Knows nothing of how an
answer is found.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, RootModel, Tag, model_validator
from pydantic_core import PydanticCustomError

from backend.fields import (
    WIDEST_DATE,
    Bucket,
    Identifier,
    Label,
    Likes,
    Moment,
    Name,
    Received,
    Score,
    Share,
    Text,
    TimeZone,
    Wire,
    not_too_many,
    plain,
    string_or_object,
    without_default,
)
from backend.problem import Failed


class BareComment(Received):
    """A comment to label."""

    id: Identifier = Field(
        default="", description="Comes back with the prediction.", json_schema_extra=without_default
    )
    text: Text


class PredictRequest(Received):
    """Comments to label, each a string or an object."""

    comments: Annotated[
        list[
            Annotated[
                Annotated[str, BeforeValidator(plain), Tag("<string>")]
                | Annotated[BareComment, Tag("<object>")],
                Discriminator(string_or_object),
            ]
        ],
        Field(min_length=1),
        BeforeValidator(not_too_many),
    ]


class ModelName(Wire):
    """Which champion gave the answer."""

    name: str
    family: str
    version: str


class Probabilities(Wire):
    """How likely each label is; they sum to 1."""

    negative: Share
    neutral: Share
    positive: Share


class Prediction(Wire):
    """What the champion makes of one comment."""

    id: str = Field(
        default="",
        description="Present if the comment came with one.",
        json_schema_extra=without_default,
    )
    label: Label
    score: Score = Field(description="Probability of positive minus probability of negative.")
    probabilities: Probabilities
    language: str = Field(description="ISO 639 code, or `und` where there is too little to tell.")
    truncated: bool = Field(description="Whether the text was over the limit and cut.")


class PredictAnswer(Wire):
    """Predictions in the order of the comments."""

    model: ModelName
    predictions: list[Prediction]


class Video(Received):
    """The video that the comments are under."""

    id: Identifier
    title: Name | None = None
    channel: Name | None = None
    published_at: Moment | None = None


class Comment(Received):
    """A comment as the page shows it."""

    id: Identifier
    text: Text
    author: Name | None = None
    likes: Likes = 0
    published_at: Moment | None = None
    published_at_width: Annotated[float, Field(ge=0, le=WIDEST_DATE)] = Field(
        default=0,
        description="Seconds between the earliest and the latest moment that `published_at` may "
        "stand for; YouTube shows only relative dates.",
    )
    reply_to: Identifier | None = Field(
        default=None, description="Id of the comment that this one answers."
    )
    pinned: bool = False
    hearted: bool = False


class Options(Received):
    """What the analysis should look like."""

    bucket: Literal["auto", "hour", "day", "week", "month", "year"] = Field(
        default="auto",
        description="Length of the trend's steps; made coarser where the dates don't allow it.",
    )
    timezone: TimeZone = Field(default="UTC", description="Where days begin, an IANA name.")
    top: Annotated[int, Field(ge=0, le=50)] = Field(
        default=5, description="Top comments of each kind, and top authors."
    )
    words: Annotated[int, Field(ge=0, le=200)] = Field(default=50, description="Words of each kind.")


class AnalyzeRequest(Received):
    """A video's comments to analyse."""

    video: Video
    comments: Annotated[list[Comment], Field(min_length=1), BeforeValidator(not_too_many)]
    options: Options = Options()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> AnalyzeRequest:
        first: dict[str, int] = {}
        for position, comment in enumerate(self.comments):
            if first.setdefault(comment.id, position) != position:
                raise PydanticCustomError(
                    "duplicate_id",
                    "has the id of comments.{first}; ids must be unique",
                    {"first": first[comment.id], "field": f"comments.{position}.id"},
                )
        return self


class Counts(Wire):
    """How many comments bear each label."""

    negative: int
    neutral: int
    positive: int
    total: int


class Weights(Wire):
    """Like `Counts`, each comment counting once and once more for each like."""

    negative: float
    neutral: float
    positive: float
    total: float
    mean: Score


class MeanScore(Wire):
    """The mean score with its 95 % interval."""

    mean: Score
    low: Score
    high: Score


class TrendStep(Wire):
    """The comments of one step of time; no mean where there are none."""

    start: datetime
    negative: int
    neutral: int
    positive: int
    mean: Score | None
    low: Score | None
    high: Score | None


class Word(Wire):
    """A word, in how many comments it is, how much it stands out, and their mean score."""

    term: str
    count: int
    weight: float
    mean: Score


class Words(Wire):
    """The most frequent words, and those that set one label's comments apart from the others."""

    all: list[Word]
    negative: list[Word]
    neutral: list[Word]
    positive: list[Word]


class TopComment(Wire):
    """A comment worth showing."""

    id: str
    text: str
    author: str | None
    likes: int
    label: Label
    score: Score
    published_at: datetime | None
    reply_to: str | None


class TopComments(Wire):
    """Comments worth showing, the foremost first."""

    negative: list[TopComment]
    positive: list[TopComment]
    controversial: list[TopComment]


class Author(Wire):
    """Someone who wrote, how often, and in which mood."""

    author: str
    count: int
    mean: Score


class Authors(Wire):
    """How many people wrote, and who wrote most."""

    total: int
    top: list[Author]


class AnalyzeAnswer(Wire):
    """What the people under a video feel."""

    video: Video
    model: ModelName
    counts: Counts
    like_weighted: Weights
    score: MeanScore
    bucket: Bucket = Field(description="Length of the trend's steps.")
    trend: list[TrendStep]
    undated: int = Field(description="Comments without a date; they are not in the trend.")
    words: Words
    top_comments: TopComments
    authors: Authors
    languages: dict[str, int]
    predictions: list[Prediction] = Field(description="In the order of the comments.")


class Analysed(Wire):
    """A line of a progressive answer: the analysis of the first comments, or at last of all."""

    kind: Literal["partial", "final"]
    analysed: int = Field(description="Of how many comments this is the analysis.")
    of: int = Field(description="How many there are.")
    analysis: AnalyzeAnswer


class AnalysisLine(RootModel[Analysed | Failed]):
    """A line of a progressive answer."""
