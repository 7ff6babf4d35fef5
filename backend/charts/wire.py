"""What a chart is drawn from and how it may look, as pydantic models.

Knows the two bodies that a chart takes: what `/v1/analyze` takes, or what it answered, of which only
the parts that are drawn are read. Knows nothing of drawing.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
)
from pydantic_core import PydanticCustomError

from backend.analysis.trend import MOST_STEPS
from backend.fields import Bucket, Likes, Name, Received, Score, Text, Wire, parse_moment
from backend.schemas import AnalyzeAnswer, AnalyzeRequest, MeanScore

Kind = Literal["all", "negative", "neutral", "positive"]

_MOST_WORDS = 200
# Wide enough for a step of any time zone around the years that comments can be from.
_YEARS = range(2000, 2200)


def _read_start(value: object) -> object:
    moment = value if isinstance(value, datetime) else parse_moment(value)
    if moment.year not in _YEARS:
        raise PydanticCustomError("moment_out_of_range", "must be of this century")
    return moment


def _in_order(steps: list[DrawnStep]) -> list[DrawnStep]:
    if any(later.start <= earlier.start for earlier, later in pairwise(steps)):
        raise PydanticCustomError("steps_out_of_order", "must be in the order of time")
    return steps


class Drawn(Wire):
    """A part of an analysis; what is not drawn is not looked at."""

    model_config = ConfigDict(extra="ignore")


class DrawnCounts(Drawn):
    """How many comments bear each label."""

    negative: Likes
    neutral: Likes
    positive: Likes

    @property
    def total(self) -> int:
        return self.negative + self.neutral + self.positive


class DrawnStep(DrawnCounts):
    """The comments of one step of time; no mean where there are none."""

    start: Annotated[datetime, BeforeValidator(_read_start)]
    mean: Score | None = None
    low: Score | None = None
    high: Score | None = None


class DrawnWord(Drawn):
    """A word, in how many comments it is, how much it stands out, and their mean score."""

    term: Annotated[Text, Field(min_length=1, max_length=100)]
    count: Likes
    weight: Annotated[float, Field(ge=0, le=1e12)]
    mean: Score


WordList = Annotated[list[DrawnWord], Field(max_length=_MOST_WORDS)]


class DrawnWords(Drawn):
    """The words of each kind."""

    all: WordList
    negative: WordList
    neutral: WordList
    positive: WordList


class DrawnVideo(Drawn):
    """The video, for its title."""

    title: Name | None = None


class DrawnAnalysis(Drawn):
    """An answer of `/v1/analyze`. Of its parts these are drawn; the others may be left out."""

    video: DrawnVideo = DrawnVideo()
    counts: DrawnCounts
    score: MeanScore | None = None
    bucket: Bucket
    trend: Annotated[list[DrawnStep], Field(max_length=MOST_STEPS + 2), AfterValidator(_in_order)]
    undated: Likes = 0
    words: DrawnWords | None

    @property
    def title(self) -> str:
        return self.video.title or ""


def _request_or_answer(value: object) -> Hashable:
    asked = "comments" in value if isinstance(value, dict) else isinstance(value, AnalyzeRequest)
    return "<request>" if asked else "<answer>"


class ChartBody(
    RootModel[
        Annotated[
            Annotated[AnalyzeRequest, Tag("<request>")] | Annotated[DrawnAnalysis, Tag("<answer>")],
            Discriminator(_request_or_answer),
        ]
    ]
):
    """What `/v1/analyze` takes, or what it answers."""


class ChartOptions(Received):
    """How a chart looks, from the query."""

    theme: Literal["light", "dark"] = Field(default="light", description="Colours of the picture.")
    width: Annotated[int, Field(ge=320, le=1200)] = Field(
        default=800, description="Width in CSS pixels."
    )
    height: Annotated[int, Field(ge=240, le=800)] = Field(
        default=400, description="Height in CSS pixels."
    )
    scale: Annotated[int, Field(ge=1, le=2)] = Field(
        default=2, description="Pixels of a PNG for each CSS pixel."
    )
    title: Name | None = Field(
        default=None, description="Instead of the video's title; empty for none."
    )
    words: Kind = Field(default="all", description="Which words a word cloud shows.")


def drawn(answer: AnalyzeAnswer) -> DrawnAnalysis:
    """Return what is drawn of an answer of `/v1/analyze`."""
    return DrawnAnalysis.model_validate(answer.model_dump(include=set(DrawnAnalysis.model_fields)))
