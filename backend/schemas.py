"""What goes over the wire: every request and every answer of `/v1`, as pydantic models.

Knows fields, types and limits; the OpenAPI document is made from these same models. Knows nothing of
how an answer is found. Two limits are settings and so come with the validation's context:

    context["max_comments"]   comments a request may hold
    context["now"]            the present moment, after which no comment can have been written
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from backend.bundle import Card

Label = Literal["negative", "neutral", "positive"]
# In the order of the columns of a bundle's probabilities.
LABELS: tuple[Label, ...] = get_args(Label)
Bucket = Literal["hour", "day", "week", "month", "year"]

# YouTube's first video is of April 2005. The extension turns "21 years ago" into a date that can
# be a year early, and a viewer's clock may be off by hours.
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)

_MOST_UNKNOWN_FIELDS = 5
_WIDEST_DATE = 10 * 366 * 24 * 3600


class Wire(BaseModel):
    """Strict in both directions: no unknown fields, no conversions, no infinities."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Received(Wire):
    """What a client sends."""

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, data: Any) -> Any:
        """Bound the list of errors that a hostile object with a million unknown fields would make."""
        limit = len(cls.model_fields) + _MOST_UNKNOWN_FIELDS
        if isinstance(data, dict) and len(data) > limit:
            raise PydanticCustomError(
                "too_many_fields", "too many fields, at most {limit} are looked at", {"limit": limit}
            )
        return data


def _plain(text: object) -> object:
    if not isinstance(text, str):
        return text
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "must not contain NUL characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "lone_surrogate", "must not contain lone surrogates (half of a UTF-16 pair)"
        ) from None
    return text


def _read_moment(value: object, info: ValidationInfo) -> object:
    if isinstance(value, datetime):
        return value
    moment = parse_moment(value)
    latest = (info.context or {}).get("now", moment) + CLOCK_SKEW
    for limit, wrong, side in (
        (EARLIEST, moment < EARLIEST, "before"),
        (latest, moment > latest, "after"),
    ):
        if wrong:
            raise PydanticCustomError(
                "moment_out_of_range",
                "must not be {side} {limit}",
                {"side": side, "limit": limit.isoformat(timespec="seconds")},
            )
    return moment


def parse_moment(value: object) -> datetime:
    """Return the moment that `value` writes in ISO 8601, or say how it should."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError(
            "not_a_moment",
            "must be an ISO 8601 date and time with an offset, such as 2026-03-02T18:00:00Z",
        )
    return moment


@cache
def _zones() -> frozenset[str]:
    """Return the names of the IANA database; without "Factory", which stands for not knowing."""
    return frozenset(available_timezones() - {"Factory"})


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError(
            "unknown_timezone", "must be a time zone of the IANA database, such as Europe/Berlin"
        )
    return name


def not_too_many(value: object, info: ValidationInfo) -> object:
    """Return `value`, a list of no more comments than the setting allows."""
    limit = (info.context or {}).get("max_comments")
    if limit is not None and isinstance(value, list) and len(value) > limit:
        raise PydanticCustomError(
            "too_long",
            "must hold at most {limit} comments, this has {length}",
            {"limit": limit, "length": len(value)},
        )
    return value


def _string_or_object(value: object) -> Hashable:
    return "<object>" if isinstance(value, dict | BaseModel) else "<string>"


# What pydantic adds to the place of an error inside a union, and no client wrote.
UNION_TAGS = frozenset(("<object>", "<string>", "<request>", "<answer>"))

Text = Annotated[str, BeforeValidator(_plain)]
Name = Annotated[str, Field(max_length=300), BeforeValidator(_plain)]
Identifier = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(_plain)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Likes = Annotated[int, Field(ge=0, le=10**9)]
Share = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(ge=-1, le=1)]


def _without_default(schema: dict[str, Any]) -> None:
    """Leave out of the contract what only stands for an absent member."""
    del schema["default"]


class BareComment(Received):
    """A comment to label."""

    id: Identifier = Field(
        default="", description="Comes back with the prediction.", json_schema_extra=_without_default
    )
    text: Text


class PredictRequest(Received):
    """Comments to label, each a string or an object."""

    comments: Annotated[
        list[
            Annotated[
                Annotated[str, BeforeValidator(_plain), Tag("<string>")]
                | Annotated[BareComment, Tag("<object>")],
                Discriminator(_string_or_object),
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
        json_schema_extra=_without_default,
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
    published_at_width: Annotated[float, Field(ge=0, le=_WIDEST_DATE)] = Field(
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


class Serving(Wire):
    """Which bundle one server process serves."""

    process: int
    version: str
    identity: str = Field(description="Tells bundles apart whose versions are named alike.")
    since: datetime


class ServedCard(Card):
    """The card of the champion, and what each server process serves: for a moment, two may differ."""

    serving: tuple[Serving, ...]


class Live(Wire):
    """The process answers."""

    status: Literal["live"]


Part = Literal["history", "model-changes"]


class Ready(Wire):
    """A prediction just succeeded."""

    status: Literal["ready"]
    model: ModelName
    lacks: list[Part] = Field(
        default=[],
        description="What this server does without, because its state directory can't be written to.",
        json_schema_extra=_without_default,
    )


class FieldError(Wire):
    """One thing that is wrong with the request."""

    field: str
    message: str
    limit: int | float | str | None = None


class ProblemDocument(Wire):
    """A failure, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None
    scope: str | None = Field(default=None, description="What the token lacks.")
    request_id: str


class Failed(Wire):
    """The last line of a progressive answer, where something went wrong after the first."""

    kind: Literal["problem"]
    problem: ProblemDocument


class AnalysisLine(RootModel[Analysed | Failed]):
    """A line of a progressive answer."""
