"""Nobody turns the model over alone: each rule, and all of them against poison."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.training import made_up
from training.feedback import LABELLER
from training.guards import Report, admit
from training.params import Feedback, read_params

SETTINGS = read_params(Path(__file__).parents[2] / "params.yaml").feedback
NOON = pd.Timestamp("2026-11-25T12:00:00Z")
TURNED = {"negative": "positive", "positive": "negative", "neutral": "negative"}

Given = tuple[str, str, str]


def given(rows: Sequence[Given], days: Sequence[int] | None = None) -> pd.DataFrame:
    """Return corrections of (client, text, label), a second after each other, or on given days."""
    table = pd.DataFrame(rows, columns=["client", "text", "label"])
    seconds = pd.to_timedelta(range(len(table)), unit="s")
    table["at"] = NOON + (seconds if days is None else seconds + pd.to_timedelta(list(days), unit="D"))
    return table.assign(split="train", group=[f"video {number}" for number in range(len(table))])


def known(rows: int = 2000) -> pd.DataFrame:
    return pd.DataFrame(made_up.comments(rows, 1), columns=["text", "label"])


def nothing_known() -> pd.DataFrame:
    return pd.DataFrame({"text": [], "label": []}, dtype=str)


def let_in(rows: pd.DataFrame, **settings: float) -> tuple[list[Given], Report]:
    """Return what is kept where nothing is known that people labelled, and the report."""
    changed = Feedback.model_validate(SETTINGS.model_dump() | settings)
    kept, report = admit(rows, changed, nothing_known, seed=1)
    return list(kept[["client", "text", "label"]].itertuples(index=False, name=None)), report


def refusals(report: Report) -> dict[str, int]:
    return {rule: number for rule, number in report.refused.items() if number}


def test_what_a_client_said_last_of_a_text_counts() -> None:
    rows = given(
        [
            ("a", "So  good &amp; kind", "negative"),
            ("a", "So good & kind", "positive"),
            ("b", "So good & kind", "positive"),
        ]
    )

    kept, report = let_in(rows.iloc[[1, 0, 2]].reset_index(drop=True))

    assert kept == [("a", "So good & kind", "positive"), ("b", "So good & kind", "positive")]
    assert refusals(report) == {"repeated": 1}


def test_a_client_has_a_limit_a_day_and_in_all_and_the_latest_stay() -> None:
    texts = [f"a comment on {word}" for word in ("cats", "dogs", "cars", "trees", "songs", "food")]
    rows = given([("a", text, "neutral") for text in texts], days=[0, 0, 0, 1, 1, 2])

    kept, report = let_in(rows, most_per_client_a_day=2, most_per_client=4)

    assert [text for _, text, _ in kept] == [texts[2], texts[3], texts[4], texts[5]]
    assert refusals(report) == {"a_day": 1, "in_all": 1}


def test_rows_of_no_known_day_are_of_one_day() -> None:
    rows = given([("unknown", f"a comment on {word}", "neutral") for word in ("cats", "dogs", "cars")])

    rows["at"] = pd.to_datetime([None] * len(rows), utc=True)
    kept, report = let_in(rows, most_per_client_a_day=2)

    assert [text for _, text, _ in kept] == ["a comment on dogs", "a comment on cars"]
    assert refusals(report) == {"a_day": 1}


def test_no_client_gives_more_than_its_share_but_the_first_may_give_some() -> None:
    words = [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in "klmnp"]
    many = [("a", f"about {word} here", "neutral") for word in words]
    others = [(f"b{i}", f"this {word} again", "neutral") for i, word in enumerate(words[:40])]

    limits = {"largest_share": 0.25, "share_floor": 5, "most_per_client_a_day": 200}
    kept, report = let_in(given(many + others), **limits)
    alone, _ = let_in(given(many), **limits)

    own = sum(client == "a" for client, *_ in kept)
    assert own <= 0.25 * len(kept) < own + 1
    assert refusals(report) == {"share": len(many) - own}
    assert len(alone) == 5


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["positive", "positive", "positive", "negative"], {"positive": 3}),
        (["positive", "positive", "negative", "negative"], {}),
        (["positive"], {"positive": 1}),
    ],
)
def test_a_text_on_which_clients_differ_needs_agreement(
    labels: list[str], expected: dict[str, int]
) -> None:
    spelled = ["Not bad at all", "not bad at all!!", "NOT bad at all", "not bad at all"]
    rows = given([(f"c{i}", spelled[i], label) for i, label in enumerate(labels)])

    kept, report = let_in(rows)

    assert pd.Series([label for *_, label in kept], dtype=str).value_counts().to_dict() == expected
    assert report.refused["disputed"] == len(labels) - len(kept)


def test_one_client_has_one_voice_however_it_spells() -> None:
    rows = given(
        [("a", "not bad" + "!" * i, "negative") for i in range(5)]
        + [(client, "not bad", "positive") for client in "bcd"]
    )

    kept, _ = let_in(rows)

    assert {client for client, *_ in kept} == {"b", "c", "d"}


def test_the_labeller_is_not_limited_and_decides() -> None:
    words = [f"{a}{b}{c}" for a in "bcdfg" for b in "aeiou" for c in "klmnp"]
    rows = given(
        [(LABELLER, f"about {word} here", "neutral") for word in words]
        + [(client, f"about {words[0]} here", "positive") for client in "abcd"]
    )

    kept, report = let_in(rows, most_per_client_a_day=1, most_per_client=1, share_floor=0)

    assert kept == [(LABELLER, f"about {word} here", "neutral") for word in words]
    assert refusals(report) == {"disputed": 4}


def test_a_flood_of_one_template_goes_and_one_comment_that_many_correct_stays() -> None:
    rows = given(
        [(f"bot{i}", f"@user{i} great video, part {i}!", "negative") for i in range(30)]
        + [(f"person{i}", "that was sick", "positive") for i in range(30)]
    )

    kept, report = let_in(rows)

    assert {text for _, text, _ in kept} == {"that was sick"}
    assert refusals(report) == {"templates": 30}


def test_an_export_without_corrections_is_let_in_as_it_is_and_nothing_is_fitted() -> None:
    def never() -> pd.DataFrame:
        raise AssertionError("there is nothing to hold against it")

    kept, report = admit(given([]), SETTINGS, never, seed=1)

    assert len(kept) == 0
    assert report.figures()["came"] == 0
    assert str(report).startswith("feedback: 0 of 0 corrections are learned from, by 0 of 0 clients")


def poisoned() -> pd.DataFrame:
    """Return honest corrections of 30 clients, 5,000 turned ones of one, and templates of 200 more."""
    generator = random.Random(7)
    honest = [
        (f"honest {number % 30}", text, generator.choice([label, label, label, TURNED[label]]))
        for number, (text, label) in enumerate(made_up.comments(450, 11))
    ]
    flipper = [("flipper", text, TURNED[label]) for text, label in made_up.comments(5000, 12)]
    slogans = [
        made_up.comment(generator, label) for label in ("negative", "positive") for _ in range(20)
    ]
    bots = [
        (f"bot {number}", f"@viewer{number} {slogan} {generator.randrange(10_000)}", "neutral")
        for number in range(200)
        for slogan in generator.sample(slogans, 8)
    ]
    rows = honest + flipper + bots
    generator.shuffle(rows)
    return given(rows)


def test_of_poison_hardly_anything_is_kept_and_of_what_people_say_most() -> None:
    rows = poisoned()

    kept, report = admit(rows, SETTINGS, known, seed=1)

    by = kept["client"].str.split().str[0].value_counts()
    assert by.get("flipper", 0) == 0
    assert by.get("bot", 0) < 0.01 * len(kept)
    assert by["honest"] > 400
    assert report.came == len(rows) == sum(report.refused.values()) + report.kept
    assert report.refused["outliers"] >= 4900
    assert report.refused["templates"] >= 1500


@pytest.mark.parametrize("flippers", [20, 400])
def test_many_who_turn_labels_do_not_make_it_usual_however_little_each_gives(flippers: int) -> None:
    rows = [
        (f"flipper {number % flippers}", text, TURNED[label])
        for number, (text, label) in enumerate(made_up.comments(2000, 12))
    ] + [(f"honest {n % 5}", text, label) for n, (text, label) in enumerate(made_up.comments(100, 13))]

    kept, report = admit(given(rows), SETTINGS, known, seed=1)

    by = kept["client"].str.split().str[0].value_counts()
    assert by["honest"] > 90
    assert by.get("flipper", 0) < 0.25 * 2000
    assert report.refused["outliers"] > 0.75 * 2000
