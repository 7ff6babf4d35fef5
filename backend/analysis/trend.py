"""How the feeling moves over time.

Knows that dates are uncertain ("2 years ago"), so steps are no finer than the dates allow, and that
a picture has room for so many steps. Knows nothing of texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from backend.analysis.calendar import LENGTHS, begin, following
from backend.analysis.counts import count
from backend.analysis.interval import mean_interval
from backend.fields import Bucket, Label
from backend.schemas import TrendStep

MOST_AUTOMATIC_STEPS = 60
MOST_STEPS = 2000
_SHARE_ALLOWED = 0.9


@dataclass(frozen=True)
class Dated:
    """One comment with a date; `width` is the uncertainty around it in seconds."""

    moment: datetime
    width: float
    label: Label
    score: float


def choose_bucket(comments: Sequence[Dated], asked: Literal["auto"] | Bucket) -> Bucket:
    """Return the finest bucket, no finer than `asked`, that the dates and the room allow.

    The dates allow a bucket if at least 90 % of the comments' dates are no wider than it is long.
    There is room for 60 steps if the choice is automatic, else for 2,000.
    """
    order: list[Bucket] = list(LENGTHS)
    candidates = order if asked == "auto" else order[order.index(asked) :]
    if not comments:
        return candidates[-1] if asked == "auto" else asked
    most = MOST_AUTOMATIC_STEPS if asked == "auto" else MOST_STEPS
    width = float(np.quantile([c.width for c in comments], _SHARE_ALLOWED, method="inverted_cdf"))
    span = max(c.moment for c in comments) - min(c.moment for c in comments)
    for bucket in candidates:
        length = LENGTHS[bucket]
        if width <= length.total_seconds() and span / length + 1 <= most:
            return bucket
    return "year"


def trend(comments: Sequence[Dated], bucket: Bucket, zone: ZoneInfo) -> list[TrendStep]:
    """Return one step for each `bucket` from the first comment's to the last's, empty ones too."""
    if not comments:
        return []
    steps: dict[datetime, list[Dated]] = {}
    starts = [begin(comment.moment, bucket, zone) for comment in comments]
    start, last = min(starts), max(starts)
    while start <= last:
        steps[start] = []
        start = following(start, bucket, zone)
    for start, comment in zip(starts, comments, strict=True):
        steps[start].append(comment)
    return [_step(start.astimezone(zone), inside) for start, inside in steps.items()]


def _step(start: datetime, comments: Sequence[Dated]) -> TrendStep:
    counts = count([comment.label for comment in comments])
    mean, low, high = _interval(np.array([comment.score for comment in comments]))
    return TrendStep(
        start=start,
        negative=counts.negative,
        neutral=counts.neutral,
        positive=counts.positive,
        mean=mean,
        low=low,
        high=high,
    )


def _interval(
    scores: npt.NDArray[np.float64],
) -> tuple[float, float, float] | tuple[None, None, None]:
    return mean_interval(scores) if len(scores) else (None, None, None)
