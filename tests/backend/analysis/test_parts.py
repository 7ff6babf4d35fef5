"""The parts of an analysis by themselves, on numbers that can be checked by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from backend.analysis.calendar import begin, following
from backend.analysis.interval import mean_interval
from backend.analysis.terms import terms
from backend.analysis.trend import Dated, choose_bucket, trend
from backend.analysis.words import distinctiveness
from backend.fields import Bucket

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1).total_seconds()


def dated(*moments: datetime, width: float = 0.0) -> list[Dated]:
    return [Dated(moment, width, "positive", 0.5) for moment in moments]


@pytest.mark.parametrize(
    ("bucket", "start"),
    [
        ("hour", "2026-03-29T01:00"),
        ("day", "2026-03-29T00:00"),
        ("week", "2026-03-23T00:00"),
        ("month", "2026-03-01T00:00"),
        ("year", "2026-01-01T00:00"),
    ],
)
def test_where_a_bucket_begins(bucket: Bucket, start: str) -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)

    assert begin(moment, bucket, BERLIN) == datetime.fromisoformat(start).replace(tzinfo=BERLIN)


def test_days_of_23_and_25_hours() -> None:
    for day, hours in ((datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)):
        start = begin(day.replace(tzinfo=BERLIN), "day", BERLIN)

        assert following(start, "day", BERLIN) - start == timedelta(hours=hours)


def test_an_automatic_bucket_leaves_room_for_the_picture() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)

    for days, bucket in ((1, "hour"), (30, "day"), (300, "week"), (1500, "month"), (9000, "year")):
        assert choose_bucket(dated(start, start + timedelta(days=days)), "auto") == bucket


def test_a_tenth_of_the_dates_may_be_vague() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    sharp, vague = dated(*[start] * 9), dated(start, width=300 * DAY)

    assert choose_bucket(sharp + vague, "day") == "day"
    assert choose_bucket(sharp + vague * 2, "day") == "year"


def test_a_trend_has_a_step_for_every_bucket() -> None:
    first, last = datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)

    steps = trend(dated(first, last), "day", BERLIN)

    assert [step.start.day for step in steps] == [28, 29, 30]
    assert [step.positive for step in steps] == [1, 0, 1]
    assert steps[1].mean is None


def test_an_interval_narrows_with_more_scores_and_never_closes() -> None:
    widths = []
    for count in (1, 10, 100, 1000):
        mean, low, high = mean_interval(np.full(count, 0.9))
        assert -1 <= low <= mean <= high <= 1
        assert mean == pytest.approx(0.9)
        widths.append(high - low)

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] > 0


def test_an_interval_covers_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    truth, covered = 0.2, 0
    for _ in range(1000):
        scores = np.where(generator.random(30) < (1 + truth) / 2, 1.0, -1.0)
        _, low, high = mean_interval(scores)
        covered += low <= truth <= high

    assert 0.92 <= covered / 1000 <= 0.98


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("I really don't like the LIGHTING", "en", {"really", "like", "lighting"}),
        ("see https://a.example @ann 12:30 100%", "en", {"see"}),
        ("🔥🔥 👍🏽 ❤", "en", {"🔥", "👍", "❤️"}),
        ("das ist sehr schön", "de", {"schön"}),
        ("<b>nice</b> &amp; clean", "en", {"nice", "clean"}),
        ("यह अच्छा", "hi", {"यह", "अच्छा"}),
        ("", "en", set()),
    ],
)
def test_terms(text: str, language: str, found: set[str]) -> None:
    assert terms(text, language) == found


def test_a_word_of_one_side_stands_out_there() -> None:
    inside = Counter({"awful": 10, "video": 10})
    total = Counter({"awful": 10, "video": 40, "lovely": 20})

    weights = distinctiveness(inside, total)

    assert weights["awful"] > 2 > 0 > weights["video"]


def test_a_rare_word_stands_out_less_than_a_common_one() -> None:
    inside = Counter({"awful": 20, "dreadful": 1, "video": 10})
    total = inside + Counter({"video": 30, "lovely": 20})

    weights = distinctiveness(inside, total)

    assert weights["awful"] > weights["dreadful"] > 0
