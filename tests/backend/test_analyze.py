"""An analysis over real HTTP: its parts agree with each other and with the predictions."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.backend.client import Client

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
GOOD, BAD, PLAIN = (
    "I love this, best video ever!",
    "This is terrible, I hate it",
    "part two is on Friday",
)


def comments(*texts: str, **fields: object) -> list[dict[str, object]]:
    return [{"id": f"c{n}", "text": text} | fields for n, text in enumerate(texts)]


def analyse(client: Client, given: list[dict[str, object]], **options: object) -> dict[str, Any]:
    answer = client.post("/v1/analyze", {"video": {"id": "v"}, "comments": given, "options": options})
    assert answer.status == 200, answer.body[:500]
    document: dict[str, Any] = answer.json
    return document


def test_counts_are_those_of_the_predictions(client: Client) -> None:
    document = analyse(client, comments(GOOD, BAD, BAD, PLAIN))

    assert document["counts"] == {"negative": 2, "neutral": 1, "positive": 1, "total": 4}
    assert [prediction["id"] for prediction in document["predictions"]] == ["c0", "c1", "c2", "c3"]
    scores = [prediction["score"] for prediction in document["predictions"]]
    assert document["score"]["mean"] == pytest.approx(sum(scores) / 4)
    assert -1 <= document["score"]["low"] < document["score"]["mean"] < document["score"]["high"] <= 1


def test_a_liked_comment_weighs_more(client: Client) -> None:
    given = comments(GOOD, BAD)
    given[1]["likes"] = 99

    weighed = analyse(client, given)["like_weighted"]

    assert (weighed["positive"], weighed["negative"], weighed["total"]) == (1, 100, 101)
    assert weighed["mean"] < -0.8


def test_the_trend_covers_every_dated_comment_and_no_other(client: Client) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    given = comments(*[GOOD, BAD, PLAIN] * 4)
    for day, comment in enumerate(given[:10]):
        comment["published_at"] = (start + timedelta(days=2 * day)).isoformat()

    document = analyse(client, given, bucket="day")

    assert document["bucket"] == "day"
    assert document["undated"] == 2
    steps = document["trend"]
    assert len(steps) == 19, "days without a comment are steps too"
    assert sum(step[label] for step in steps for label in ("negative", "neutral", "positive")) == 10
    assert steps[1]["mean"] is None
    assert steps[0]["mean"] > 0 > steps[2]["mean"]


def test_days_begin_in_the_zone_asked_for(client: Client) -> None:
    given = comments(GOOD, BAD, published_at="2026-03-29T23:30:00Z")

    starts = {
        zone: analyse(client, given, bucket="day", timezone=zone)["trend"][0]["start"]
        for zone in ("UTC", "Europe/Berlin", "America/New_York")
    }

    assert {zone: datetime.fromisoformat(start).isoformat() for zone, start in starts.items()} == {
        "UTC": "2026-03-29T00:00:00+00:00",
        "Europe/Berlin": "2026-03-30T00:00:00+02:00",
        "America/New_York": "2026-03-29T00:00:00-04:00",
    }


def test_buckets_are_no_finer_than_the_dates(client: Client) -> None:
    month = timedelta(days=30).total_seconds()
    given = comments(GOOD, BAD, published_at="2026-03-01T00:00:00Z", published_at_width=month)

    assert analyse(client, given, bucket="day")["bucket"] == "month"


def test_words_are_sorted_by_the_side_they_are_on(client: Client) -> None:
    given = comments(*["I love the synthesizer"] * 5, *["I hate the terrible lighting"] * 5)

    words = analyse(client, given)["words"]

    terms = {kind: {word["term"] for word in words[kind]} for kind in words}
    assert {"synthesizer", "lighting", "love", "hate", "terrible"} == terms["all"]
    assert "synthesizer" in terms["positive"] - terms["negative"]
    assert "lighting" in terms["negative"] - terms["positive"]
    assert next(word for word in words["all"] if word["term"] == "lighting")["count"] == 5


def test_as_many_words_and_top_comments_as_asked_for(client: Client) -> None:
    document = analyse(client, comments(*[GOOD, BAD] * 10), words=1, top=2)

    assert [len(found) for found in document["words"].values()] == [1, 1, 0, 1]
    assert [len(document["top_comments"][kind]) for kind in ("negative", "positive")] == [2, 2]


def test_top_comments_are_the_surest_and_most_liked(client: Client) -> None:
    given = comments(GOOD, GOOD, BAD)
    given[1]["likes"] = 50

    top = analyse(client, given)["top_comments"]

    assert [comment["id"] for comment in top["positive"]] == ["c1", "c0"]
    assert [comment["id"] for comment in top["negative"]] == ["c2"]


def test_a_comment_whose_replies_disagree_is_controversial(client: Client) -> None:
    given = comments(PLAIN, GOOD, BAD)
    given[1]["reply_to"] = given[2]["reply_to"] = "c0"

    assert [c["id"] for c in analyse(client, given)["top_comments"]["controversial"]] == ["c0"]


def test_authors_and_languages_are_counted(client: Client) -> None:
    given = comments(GOOD, BAD, "Das ist wirklich ein sehr schönes Video")
    for comment, author in zip(given, ["@ann", "@ann", "@bob"], strict=True):
        comment["author"] = author

    document = analyse(client, given)

    assert document["authors"]["total"] == 2
    assert (document["authors"]["top"][0]["author"], document["authors"]["top"][0]["count"]) == (
        "@ann",
        2,
    )
    assert document["languages"] == {"en": 2, "de": 1}


def test_the_same_request_gets_the_same_answer(client: Client) -> None:
    given = comments(*[GOOD, BAD, PLAIN, "🔥🔥", "lol"] * 20)

    assert analyse(client, given) == analyse(client, given)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside this checkout")
def test_real_comments_are_analysed(client: Client) -> None:
    path = next(SHARED.rglob("@daily_data_label.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [row["Comment"] for row in csv.DictReader(file)][:300]

    document = analyse(client, comments(*texts))

    assert document["counts"]["total"] == 300
    assert all(document["counts"][label] for label in ("negative", "neutral", "positive"))
    assert document["languages"]["en"] > 150
    assert len(document["words"]["all"]) == 50
